import { expect, test } from "vitest";
import { writeEmbed } from "./embed";

test("a flow's name cannot leave its attribute", () => {
  const text = writeEmbed("https://example.org", "1", '"><script>alert(1)</script>');
  expect(text).not.toContain("<script");
  expect(text).toContain("&quot;>&lt;script");
  expect(text).toContain('src="https://example.org/playground/1"');
});
