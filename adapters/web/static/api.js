// Talks to our own server: JSON in, JSON out. Every failure becomes a Trouble with one line for the reader.

const SECONDS = 20;

export class Trouble extends Error {}

export async function post(path, content) {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), SECONDS * 1000);
  let reply;
  try {
    reply = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      signal: ended.signal,
    });
    const found = await reply.json();
    if (reply.ok) {
      return found;
    }
    throw new Trouble(found.error || "うまくいきませんでした。もう一度送ってください。");
  } catch (error) {
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
