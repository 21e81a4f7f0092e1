import { describe, expect, it } from "vitest";
import { readFailure } from "./failure";

describe("a failure", () => {
  it.each([
    {
      name: "of a service",
      reason: "**ConnectionError**\n - **Details: api.example.org does not answer**\n",
      reads: { summary: "The service did not answer, or had no room.", text: "api.example.org does not answer" },
    },
    {
      name: "with a code",
      reason: "**PermissionError**\n - **Code: 401**\n - **Details: wrong key**\n",
      reads: { summary: "It was not allowed.", text: "wrong key" },
    },
    {
      name: "in several lines",
      reason: "**ValueError**\n - **Details: one\n- two**\n",
      reads: { summary: "A value or setting is not right.", text: "one\n- two" },
    },
    { name: "of a class that says nothing", reason: "**RuntimeError**\n - **Details: why**", reads: { text: "why" } },
    { name: "in plain words", reason: "**no key**", reads: { text: "no key" } },
    { name: "without details", reason: "**ValueError**\n - **Details: **", reads: { text: "ValueError\n - Details:" } },
  ])("$name", ({ reason, reads }) => expect(readFailure(reason)).toEqual(reads));
});
