// Talks to our own server. Every failure becomes a Trouble with one line for the reader; a request that was called
// off by `signal` becomes a Dropped, which nobody needs to hear of.

const SECONDS = 20;
const UPLOAD_SECONDS = 90;

export class Trouble extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

export class Dropped extends Error {}

export function post(path, content, options) {
  const body = JSON.stringify(content);
  return send(path, { headers: { "Content-Type": "application/json" }, body }, (reply) => reply.json(), options);
}

export function postForm(path, form, options) {
  return send(path, { body: form }, (reply) => reply.json(), { seconds: UPLOAD_SECONDS, ...options });
}

// A file in exchange for a form: its name and its content.
export function fetchFile(path, form, options) {
  const read = async (reply) => ({ name: nameOf(reply), content: await reply.blob() });
  return send(path, { body: form }, read, { seconds: UPLOAD_SECONDS, ...options });
}

function nameOf(reply) {
  const said = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("Content-Disposition") || "");
  return said ? decodeURIComponent(said[1]) : "image";
}

async function send(path, init, read, { signal, seconds = SECONDS } = {}) {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), seconds * 1000);
  if (signal) {
    signal.addEventListener("abort", () => ended.abort());
  }
  try {
    const reply = await fetch(path, { method: "POST", signal: ended.signal, ...init });
    if (reply.ok) {
      return await read(reply);
    }
    const found = await reply.json();
    throw new Trouble(found.error || "うまくいきませんでした。もう一度送ってください。", reply.status);
  } catch (error) {
    if (signal && signal.aborted) {
      throw new Dropped();
    }
    if (error instanceof Trouble) {
      throw error;
    }
    if (ended.signal.aborted) {
      throw new Trouble("時間がかかりすぎています。もう一度送ってください。");
    }
    throw new Trouble("つながりませんでした。ネットワークを確かめて、もう一度送ってください。");
  } finally {
    clearTimeout(timer);
  }
}
