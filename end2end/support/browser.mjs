// The browser, and the two windows in which people are imagined to read.
export const chromium = {
  executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
};
export const desktop = { width: 1280, height: 900 };
export const phone = { width: 360, height: 740 };
