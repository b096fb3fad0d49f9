// Asks by Runway's Node SDK what it is told on its standard input, a line each.
import { createInterface } from "node:readline";
import RunwayML from "@runwayml/sdk";

for await (const line of createInterface({ input: process.stdin })) {
  const { method, url, headers, body } = JSON.parse(line);
  let told = null;
  const fetching = async (...asked) => {
    const answer = await fetch(...asked);
    const text = await answer.clone().text();
    told = { status: answer.status, body: text };
    return answer;
  };
  const { origin, pathname } = new URL(url);
  const client = new RunwayML({
    baseURL: origin,
    apiKey: headers.Authorization.replace("Bearer ", ""),
    maxRetries: 0,
    timeout: 1000,
    fetch: fetching,
  });
  try {
    await client[method.toLowerCase()](pathname, body === null ? {} : { body: JSON.parse(body) });
  } catch (error) {
    if (error.status === undefined) told = null;
  }
  process.stdout.write(JSON.stringify(told) + "\n");
}
