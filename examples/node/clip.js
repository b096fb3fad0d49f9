// An application: it makes clips with Runway's own SDK, and knows nothing of the fake.
import RunwayML, { TaskFailedError } from "@runwayml/sdk";

export class Rejected extends Error {}

export async function makeClip(promptImage, promptText) {
  const client = new RunwayML();
  try {
    const task = await client.imageToVideo
      .create({ model: "gen4_turbo", promptImage, promptText, ratio: "1280:720", duration: 5 })
      .waitForTaskOutput();
    return task.output[0];
  } catch (error) {
    if (error instanceof TaskFailedError && error.taskDetails.failureCode?.startsWith("SAFETY.")) {
      throw new Rejected("Please describe something else.");
    }
    throw error;
  }
}
