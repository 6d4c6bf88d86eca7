// How much script a page brings, as it travels.
const IS_SCRIPT = /javascript|wasm/;

/** Counts from now on: bytes of script files, and of script written into the page. */
export function countScript(page) {
  const arrived = [];
  page.on('response', (response) => arrived.push(size(response)));
  return async () => (await Promise.all(arrived)).reduce((sum, bytes) => sum + bytes, 0);
}

async function size(response) {
  const type = response.headers()['content-type'] ?? '';
  if (IS_SCRIPT.test(type)) return (await response.request().sizes()).responseBodySize;
  if (!type.startsWith('text/html') || response.status() >= 300 && response.status() < 400) return 0;
  const html = await response.text();
  return (html.match(/<script[\s\S]*?<\/script>/g) ?? []).join('').length;
}
