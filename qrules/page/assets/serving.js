// The worker's side of `engine.js`: questions in turn, each with its answer or with what went wrong.

/**
 * @param {() => Promise<(question: string) => string>} open makes what answers
 */
export function answering(open) {
  const opened = open();
  opened.catch((why) => postMessage({ failed: String(why?.message ?? why) }));
  onmessage = async ({ data: { id, question } }) => {
    try {
      postMessage({ id, answer: (await opened)(question) });
    } catch (why) {
      postMessage({ id, error: String(/** @type {any} */ (why)?.message ?? why) });
    }
  };
}
