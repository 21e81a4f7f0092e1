// The editor when things go wrong, and with what it does not know.
import assert from "node:assert/strict";
import { id, makeFlow, nodeOf, nothingLost, open, said, shared, state } from "./editor-common.mjs";
import { admin } from "./server.mjs";

export const troubleSteps = [
  {
    name: "a failing component is ringed, named and shown",
    run: async ({ page, base }) => {
      const model = shared.catalogue.get("LanguageModelComponent");
      const flowId = await makeFlow(page, base, "Failing", [nodeOf("LanguageModelComponent", "Model-1", model, 0, 0)]);
      await open(page, base, flowId);
      await page.keyboard.press("Control+Enter");
      const banner = page.locator(id("run-failed-banner"));
      await banner.waitFor();
      assert.match(await banner.textContent(), /Language Model/);
      await banner.getByRole("button", { name: "Show" }).click();
      const told = page.locator('[data-id="Model-1"] [role="alert"]');
      await told.waitFor();
      // In plain words, without the names of classes.
      assert.doesNotMatch(`${await told.textContent()} ${await banner.textContent()}`, /\w+Error\b|Details:|\*\*/);
      assert.match(await page.locator(id("Model-1-main-node")).getAttribute("class"), /border-danger/);
    },
  },
  {
    name: "server away: told, tried again, nothing lost",
    run: async ({ page, base }) => {
      await open(page, base, shared.flow);
      await page.route("**/api/**", (route) => route.abort());
      try {
        await page.click(id("canvas-add-note-button"));
        await state(page, "offline");
        await nothingLost(page, 4);
      } finally {
        await page.unroute("**/api/**");
      }
      await state(page, "saved");
      await page.reload();
      await nothingLost(page, 4);
    },
  },
  {
    name: "the page dies before saving: the draft is offered and restored",
    run: async ({ page, context, base }) => {
      const dying = await context.newPage();
      await open(dying, base, shared.flow);
      await dying.route("**/api/v1/flows/**", (route) =>
        route.request().method() === "PATCH" ? route.abort() : route.continue(),
      );
      await dying.click(id("canvas-add-note-button"));
      await state(dying, "offline");
      await dying.close({ runBeforeUnload: false });
      await open(page, base, shared.flow);
      await page.click(id("restore-draft-button"));
      await nothingLost(page, 5);
      await state(page, "saved");
    },
  },
  {
    name: "session ended elsewhere: sign in, come back, go on",
    run: async ({ page, context, base }) => {
      await open(page, base, shared.flow);
      await nothingLost(page, 5);
      await context.clearCookies();
      await page.click(id("canvas-add-note-button"));
      await page.waitForURL(/\/login/);
      await said(page, /session has ended|signed out|sign in again/i);
      await page.fill("#login-username", admin.username);
      await page.fill("#form-login-password", admin.password);
      await page.getByRole("button", { name: "Sign In" }).click();
      await page.waitForURL(new RegExp(`/flow/${shared.flow}`));
      await page.click(id("restore-draft-button"));
      await nothingLost(page, 6);
      await state(page, "saved");
    },
  },
  {
    name: "flow deleted elsewhere: the copy is kept as a new flow",
    run: async ({ page, base }) => {
      const text = shared.catalogue.get("TextInput");
      const flowId = await makeFlow(page, base, "Doomed", [nodeOf("TextInput", "TextInput-A", text, 0, 0)]);
      await open(page, base, flowId);
      assert.equal((await page.request.delete(`${base}/api/v1/flows/${flowId}`)).status(), 200);
      await page.click(id("canvas-add-note-button"));
      await state(page, "gone");
      await page.click(id("save-state"));
      await page.click(id("duplicate-flow-modal"));
      await page.waitForURL((url) => url.pathname.startsWith("/flow/") && !url.pathname.includes(flowId));
      await nothingLost(page, 2);
      await page.goto(`${base}/flow/${flowId}`);
      await said(page, "This flow does not exist");
    },
  },
  {
    name: "a broken flow opens as far as it can be read",
    run: async ({ page, base }) => {
      const good = nodeOf("TextInput", "TextInput-A", shared.catalogue.get("TextInput"), 0, 0);
      const odd = {
        ...shared.catalogue.get("TextInput"),
        display_name: 7,
        outputs: { no: "list" },
        field_order: "none",
        template: { a: null, b: 3, c: { type: ["x"], value: {} }, d: { type: "hologram", value: [1], show: true } },
      };
      const flowId = await makeFlow(
        page,
        base,
        "Broken",
        [good, null, 5, { id: "x" }, { id: "y", data: {} }, nodeOf("Odd", "Odd-1", odd, 500, 0)],
        [{ id: "e", source: "nobody", target: "TextInput-A" }, null],
      );
      await open(page, base, flowId);
      await said(page, /broken parts of this flow/);
      await nothingLost(page, 2);
      await page.locator('[data-id="TextInput-A"] [data-testid="div-generic-node"]').click();
    },
  },
  {
    name: "a field of an unknown kind is edited as JSON",
    run: async ({ page, base }) => {
      const def = {
        ...shared.catalogue.get("TextInput"),
        template: { beam: { type: "hologram", display_name: "Beam", value: { power: 1 }, show: true } },
      };
      const flowId = await makeFlow(page, base, "Hologram", [nodeOf("Hologram", "Hologram-1", def, 0, 0)]);
      await open(page, base, flowId);
      await page.getByRole("button", { name: "Edit Beam as JSON" }).click();
      await page.locator(".cm-content").fill('{"power": 2}');
      await page.click(id("checkAndSaveBtn"));
      await page.getByRole("button", { name: "Edit Beam as JSON" }).getByText('"power": 2').waitFor();
    },
  },
  {
    name: "a catalogue with entries of unknown kinds",
    run: async ({ page, base }) => {
      await page.route("**/api/v1/all", (route) =>
        route.fulfill({
          json: {
            strange: {
              Alien: { display_name: "Alien", template: { ray: { type: "ray", show: true, value: 1 } }, outputs: [] },
              NoTemplate: { display_name: "Nothing" },
              Numbers: 5,
              Odd: { display_name: null, template: { a: 1, b: null }, outputs: null, metadata: "x" },
            },
            broken: null,
          },
        }),
      );
      await open(page, base, shared.flow);
      await page.fill(id("sidebar-search-input"), "alien");
      await page.press(id("sidebar-search-input"), "Enter");
      await page.getByRole("button", { name: "Edit ray as JSON" }).waitFor();
      await page.keyboard.press("Control+z");
      await page.unroute("**/api/v1/all");
    },
  },
  {
    name: "files and pastes that are no flow, or too large",
    run: async ({ page, base }) => {
      await open(page, base, shared.flow);
      const count = await page.locator(".react-flow__node").count();
      const drop = (name, text) =>
        page.evaluate(
          ([fileName, content]) => {
            const data = new DataTransfer();
            data.items.add(new File([content], fileName));
            const at = { clientX: 700, clientY: 400, bubbles: true, cancelable: true, dataTransfer: data };
            document.querySelector(".react-flow__pane").dispatchEvent(new DragEvent("drop", at));
          },
          [name, text],
        );
      await drop("holiday.txt", "not a flow");
      await said(page, /holiday\.txt is no flow file/);
      await drop("half.json", '{"nodes": [');
      await said(page, /half\.json is no flow file/);
      const start = Date.now();
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.setData("text/plain", `{"nodes":[${" ".repeat(21 * 1024 * 1024)}]}`);
        document.body.focus();
        document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      });
      await said(page, /larger than 20 MB/);
      assert.equal(await page.locator(".react-flow__node").count(), count);
      return `${Date.now() - start} ms for 21 MB`;
    },
  },
  {
    name: "hostile Markdown in notes and names stays text",
    run: async ({ page, base }) => {
      const evil = '<img src=x onerror="window.__hit=1"><script>window.__hit=1</script>[x](javascript:window.__hit=1)';
      const note = {
        id: "note-1",
        type: "noteNode",
        position: { x: 0, y: 300 },
        width: 300,
        height: 200,
        data: { id: "note-1", type: "note", node: { description: `${evil} **calm**`, template: {} } },
      };
      const def = { ...shared.catalogue.get("TextInput"), display_name: evil, description: evil };
      const flowId = await makeFlow(page, base, evil, [note, nodeOf("TextInput", "TextInput-A", def, 0, 0)]);
      await open(page, base, flowId);
      await page.locator(".react-flow__node strong").getByText("calm").waitFor();
      assert.equal(await page.evaluate(() => window.__hit), undefined);
      assert.equal(await page.locator('.react-flow__node a[href^="javascript"]').count(), 0);
    },
  },
];
