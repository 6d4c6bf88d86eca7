// What no page may do, in any test: throw, break its own policy, ask for what is not there, or be refused unexpectedly.
import { expect } from '@playwright/test';

/** Listens to every page of a context; the answer checks that nothing was heard. `refusals`: what a test provokes, as
 * statuses of answers or as the browser's names of failures. */
export function watch(context, refusals = []) {
  const faults = [];
  context.on('weberror', (error) => faults.push(`thrown: ${error.error().message}`));
  context.on('console', (message) => {
    // Policy violations are among these. What the browser says of requests is left to the next listeners.
    const echo = /^Failed to load resource: (the server responded|net::)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !echo) faults.push(`${message.type()}: ${message.text()}`);
  });
  context.on('requestfailed', (request) => {
    // A page that is left takes its requests along.
    const reason = request.failure()?.errorText;
    if (reason !== 'net::ERR_ABORTED' && !refusals.includes(reason)) faults.push(`${reason}: ${request.url()}`);
  });
  context.on('response', (response) => {
    const status = response.status();
    if (status >= 400 && !refusals.includes(status)) faults.push(`${status}: ${response.url()}`);
  });
  return () => expect(faults, 'faults of pages').toEqual([]);
}

/** The log tells no names and no addresses, and of no accident. */
export function checkLog(log) {
  expect(log, 'the log names people').not.toMatch(/@[\w-]+\.example/);
  expect(log, 'the program panicked').not.toMatch(/panicked/);
}
