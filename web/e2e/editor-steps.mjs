// The editor at work.
import assert from "node:assert/strict";
import {
  catalogueOf,
  id,
  makeFlow,
  nodeOf,
  nothingLost,
  open,
  said,
  shared,
  signIn,
  state,
  tabTo,
} from "./editor-common.mjs";

export const editorSteps = [
  {
    name: "sign in",
    needs: "always",
    run: ({ page, base }) => signIn(page, base),
  },
  {
    name: "keyboard alone: build and run a flow of two nodes",
    run: async ({ page, base, counts }) => {
      const flowId = await makeFlow(page, base, "Keyboard", []);
      await open(page, base, flowId, id("rf__wrapper"));
      const clicks = counts.clicks;
      await page.keyboard.press("/");
      await page.waitForFunction(() => document.activeElement?.id === "sidebar-search");
      await page.keyboard.type("chat input");
      await page.locator(id("input_outputChat Input")).waitFor();
      await page.keyboard.press("Enter");
      await page.locator('.react-flow__node[data-id^="ChatInput"]').waitFor();
      await tabTo(page, /^handle-chatinput-.*source$/);
      await page.keyboard.press("Enter");
      await page.locator(id("sidebar-filter-reset")).waitFor();
      await page.keyboard.press("/");
      await page.waitForFunction(() => document.activeElement?.id === "sidebar-search");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("chat output");
      await page.locator(id("input_outputChat Output")).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 1);
      await tabTo(page, /^(run-flow-button|playground-btn-flow-io)$/);
      await page.keyboard.press("Control+k");
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "input-chat-playground");
      await page.keyboard.type("typed without a mouse");
      await page.keyboard.press("Enter");
      await page.locator('[data-testid^="chat-message-AI-"]').getByText("typed without a mouse").waitFor();
      // A key that activates a button counts as a click of the browser's, not of a person's.
      return `${counts.clicks - clicks} clicks`;
    },
  },
  {
    name: "a flow of three texts",
    needs: "always",
    run: async ({ page, base }) => {
      const catalogue = await catalogueOf(page, base);
      shared.catalogue = catalogue;
      const text = catalogue.get("TextInput") ?? catalogue.get("ChatInput");
      const nodes = ["A", "B", "C"].map((name, index) =>
        nodeOf("TextInput", `TextInput-${name}`, { ...text, display_name: name }, index * 420, 0),
      );
      shared.flow = await makeFlow(page, base, "Troubles", nodes);
      await open(page, base, shared.flow);
    },
  },
  {
    name: "connect by two clicks, insert on the edge, undo",
    run: async ({ page }) => {
      await page.locator('[data-id="TextInput-A"] .flow-handle.source').click();
      await page.locator('[data-id="TextInput-C"] .flow-handle.target').first().click();
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 1);
      // B lies between the two: let go a little further, it takes the edge.
      const head = page.locator('[data-id="TextInput-B"] [data-testid="div-generic-node"]');
      const path = await page.evaluate(() => {
        const line = document.querySelector(".react-flow__edge-path");
        const middle = line.getPointAtLength(line.getTotalLength() / 2);
        const at = new DOMPoint(middle.x, middle.y).matrixTransform(line.getScreenCTM());
        return { x: at.x, y: at.y };
      });
      const box = await head.boundingBox();
      await page.mouse.move(box.x + 60, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(path.x - 30, path.y - 5, { steps: 5 });
      await page.mouse.move(path.x, path.y, { steps: 5 });
      await page.mouse.up();
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 2);
      await page.keyboard.press("Control+z");
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 1);
      await page.keyboard.press("Control+y");
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 2);
      if ((await page.locator(id("sidebar-filter-reset")).count()) > 0) await page.click(id("sidebar-filter-reset"));
    },
  },
  {
    name: "group, run the group, ungroup",
    run: async ({ page }) => {
      await page.locator(".react-flow__pane").click({ position: { x: 500, y: 30 } });
      await page.keyboard.press("Control+a");
      await page.locator(id("group-node")).click();
      await nothingLost(page, 1);
      await page.locator('.react-flow__node[data-id^="GroupNode"]').click({ position: { x: 60, y: 16 } });
      await page.keyboard.press("p");
      await page
        .locator('[data-id^="GroupNode"]')
        .getByText(/ms|\ds/)
        .first()
        .waitFor();
      await page.keyboard.press("Control+Shift+g");
      await nothingLost(page, 3);
      assert.equal(await page.locator(".react-flow__edge").count(), 2);
      await page.keyboard.press("Control+s");
      await state(page, "saved");
    },
  },
  {
    name: "an edge lights up under what is dragged, and says whether it fits",
    run: async ({ page, base }) => {
      const text = shared.catalogue.get("TextInput");
      const nodes = ["A", "C"].map((name, index) =>
        nodeOf("TextInput", `TextInput-${name}`, { ...text, display_name: name }, index * 700, 0),
      );
      await open(page, base, await makeFlow(page, base, "Edge", nodes));
      await page.locator('[data-id="TextInput-A"] .flow-handle.source').click();
      await page.locator('[data-id="TextInput-C"] .flow-handle.target').first().click();
      await page.locator(".react-flow__edge").waitFor();
      const at = await page.evaluate(() => {
        const line = document.querySelector(".react-flow__edge-path");
        const middle = line.getPointAtLength(line.getTotalLength() / 2);
        const point = new DOMPoint(middle.x, middle.y).matrixTransform(line.getScreenCTM());
        const pane = document.querySelector(".react-flow").getBoundingClientRect();
        return { x: point.x - pane.x, y: point.y - pane.y, clientX: point.x, clientY: point.y };
      });
      /** Drags a component of the palette over the edge, and lets it go there or not. */
      const over = async (search, testId, isDropped) => {
        await page.fill(id("sidebar-search-input"), search);
        const row = page.locator(id(testId));
        await row.hover();
        await page.mouse.down();
        await page.mouse.move(at.clientX - 40, at.clientY - 20, { steps: 6 });
        await page.mouse.move(at.clientX, at.clientY, { steps: 6 });
        const marked = await page.locator(".react-flow__edge").first().getAttribute("class");
        if (!isDropped) await page.mouse.move(at.clientX, at.clientY - 260, { steps: 6 });
        await page.mouse.up();
        return marked;
      };
      assert.match(await over("language model", "models_and_agents_language model_draggable", true), /is-drop-target/);
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 2);
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Control+z");
      await nothingLost(page, 2);
      assert.match(await over("api request", "data_source_api request_draggable", false), /is-drop-refused/);
      assert.equal(await page.locator(".is-drop-target, .is-drop-refused").count(), 0);
    },
  },
  {
    name: "look inside a group, and inside one in it",
    run: async ({ page, base }) => {
      await open(page, base, shared.flow);
      await nothingLost(page, 3);
      await page.locator('[data-id="TextInput-A"] [data-testid="div-generic-node"]').click();
      await page.keyboard.down("Shift");
      await page.locator('[data-id="TextInput-B"] [data-testid="div-generic-node"]').click();
      await page.keyboard.up("Shift");
      await page.keyboard.press("Control+g");
      await nothingLost(page, 2);
      await page.locator(".react-flow__pane").click({ position: { x: 500, y: 30 } });
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Control+g");
      await nothingLost(page, 1);
      await page.click(id("look-inside-button"));
      await page.locator(id("inside-group-banner")).waitFor();
      await nothingLost(page, 2);
      await page.locator('.react-flow__node[data-id^="GroupNode"]').dblclick({ position: { x: 60, y: 16 } });
      await page.locator('[data-id="TextInput-B"]').waitFor();
      await nothingLost(page, 2);
      assert.equal(await page.locator(`${id("inside-group-banner")} button`).count(), 2);
      // Values can be set, the shape stays.
      const value = page.locator('[data-id="TextInput-A"] [data-testid="field-input_value"] :is(input, textarea)');
      await value.fill("set inside");
      await state(page, "saved");
      await page.locator('[data-id="TextInput-B"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Backspace");
      await nothingLost(page, 2);
      await page.click(id("leave-group"));
      await nothingLost(page, 1);
      await page.keyboard.press("Control+Shift+g");
      await nothingLost(page, 2);
      await page.locator(".react-flow__pane").click({ position: { x: 500, y: 30 } });
      await page.locator('.react-flow__node[data-id^="GroupNode"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Control+Shift+g");
      await nothingLost(page, 3);
      assert.equal(await value.inputValue(), "set inside");
      for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press("Control+z");
      await nothingLost(page, 3);
      await page.keyboard.press("Control+s");
      await state(page, "saved");
    },
  },
  {
    name: "inside a group a prompt makes its inputs and a choice its fields, with undo, and the group follows",
    run: async ({ page, base }) => {
      const prompt = shared.catalogue.get("Prompt Template");
      const request = shared.catalogue.get("APIRequest");
      const flowId = await makeFlow(page, base, "Group of prompts", [
        nodeOf("Prompt Template", "Prompt-1", prompt, 0, 0),
        nodeOf("APIRequest", "Request-1", request, 500, 0),
      ]);
      await open(page, base, flowId);
      const inner = (nodeId, field) => page.locator(`[data-id="${nodeId}"] ${id(`field-${field}`)}`);
      const group = (field) => page.locator(`.react-flow__node[data-id^="GroupNode"] ${id(`field-${field}`)}`);
      await page.locator(".react-flow__pane").click({ position: { x: 500, y: 30 } });
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Control+g");
      await nothingLost(page, 1);
      await page.click(id("look-inside-button"));
      await nothingLost(page, 2);
      await inner("Prompt-1", "template").locator('[data-testid^="promptarea_prompt_"]').click();
      await page.fill(id("modal-promptarea_prompt_template"), "Say {greeting} to all");
      await page.click(id("genericModalBtnSave"));
      await inner("Prompt-1", "greeting").waitFor();
      await inner("Request-1", "mode").locator(id("tab_1_curl")).click();
      await inner("Request-1", "curl_input").waitFor();
      await inner("Request-1", "url_input").waitFor({ state: "detached" });
      // Each choice comes and goes with what the server made of it.
      await page.click(id("undo-button"));
      await inner("Request-1", "url_input").waitFor();
      await page.click(id("undo-button"));
      await inner("Prompt-1", "greeting").waitFor({ state: "detached" });
      await page.click(id("redo-button"));
      await inner("Prompt-1", "greeting").waitFor();
      await page.click(id("redo-button"));
      await inner("Request-1", "curl_input").waitFor();
      assert.equal(await page.isDisabled(id("redo-button")), true);
      await page.click(id("leave-group"));
      await nothingLost(page, 1);
      await group("greeting_Prompt-1").waitFor();
      await group("curl_input_Request-1").waitFor();
      assert.equal(await group("url_input_Request-1").count(), 0);
      // The same from the group itself: its fields are those of the components inside.
      await group("template_Prompt-1").locator('[data-testid^="promptarea_prompt_"]').click();
      await page.fill('[data-testid^="modal-promptarea_prompt_template"]', "Say {greeting} to {somebody}");
      await page.click(id("genericModalBtnSave"));
      await group("somebody_Prompt-1").waitFor();
      await page.keyboard.press("Control+s");
      await state(page, "saved");
      await page.reload();
      await group("somebody_Prompt-1").waitFor();
      await page.locator(`.react-flow__node[data-id^="GroupNode"]`).click({ position: { x: 60, y: 16 } });
      await page.keyboard.press("Control+Shift+g");
      await nothingLost(page, 2);
      await inner("Prompt-1", "somebody").waitFor();
      await inner("Request-1", "curl_input").waitFor();
    },
  },
  {
    name: "inside a group the table of tools can be edited",
    run: async ({ page, base }) => {
      const text = shared.catalogue.get("TextInput");
      const flowId = await makeFlow(page, base, "Group of tools", [
        nodeOf("CalculatorComponent", "Tool-1", shared.catalogue.get("CalculatorComponent"), 0, 0),
        nodeOf("TextInput", "TextInput-A", text, 500, 0),
      ]);
      await open(page, base, flowId);
      await page.locator('[data-id="Tool-1"] [data-testid="div-generic-node"]').click();
      if ((await page.locator(id("tool-mode-toggle")).getAttribute("aria-checked")) !== "true")
        await page.click(id("tool-mode-toggle"));
      await page.locator(id("button_open_actions")).first().waitFor();
      await page.locator(".react-flow__pane").click({ position: { x: 500, y: 30 } });
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Control+g");
      await nothingLost(page, 1);
      await page.click(id("look-inside-button"));
      await nothingLost(page, 2);
      await page.locator(`[data-id="Tool-1"] ${id("button_open_actions")}`).click();
      await page.getByLabel("Description, row 1").fill("A tool described inside");
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.waitForTimeout(500);
      await page.keyboard.press("Control+s");
      await state(page, "saved");
      const flow = await (await page.request.get(`${base}/api/v1/flows/${flowId}`)).json();
      const { template } = flow.data.nodes[0].data.node;
      assert.equal(template["tools_metadata_Tool-1"].value[0].description, "A tool described inside");
      await page.click(id("leave-group"));
      await nothingLost(page, 1);
    },
  },
  {
    name: "code: marks beside lines, compared with the stock component, edits not dropped without a word",
    run: async ({ page, base }) => {
      await open(page, base, shared.flow);
      await page.locator('[data-id="TextInput-A"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Space");
      const text = page.locator(".cm-content").last();
      await text.click();
      await page.keyboard.press("Control+Home");
      await page.keyboard.type("def broken(:\n");
      await page.locator(".cm-lint-marker-error").first().waitFor();
      await page
        .locator(id("code-problems"))
        .getByText(/^Line 1/)
        .waitFor();
      await page.click(id("compare-code-button"));
      await page.locator(".cm-mergeView .cm-changedLine").first().waitFor();
      assert.equal(await page.locator(".cm-mergeView .cm-editor").count(), 2);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").getByText("Discard your edits?").waitFor();
      await page.click(id("replace-button"));
      await page.locator(id("code-editor")).waitFor({ state: "detached" });
    },
  },
  {
    name: "freeze: the path keeps its results and says so",
    run: async ({ page }) => {
      await page.locator('[data-id="TextInput-B"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Control+Shift+f");
      for (const name of ["A", "B"])
        await page.locator(`[data-id="TextInput-${name}"] [aria-label="Frozen"]`).waitFor();
      assert.equal(await page.locator('[data-id="TextInput-C"] [aria-label="Frozen"]').count(), 0);
      await page.keyboard.press("Control+Shift+f");
      await page.locator('[data-id="TextInput-B"] [aria-label="Frozen"]').waitFor({ state: "detached" });
    },
  },
  {
    name: "tool mode: a component becomes a tool whose table can be edited",
    run: async ({ page, base }) => {
      const types = ["URLComponent", "APIRequest", "CalculatorComponent"];
      const type = types.find((candidate) => shared.catalogue.get(candidate)?.template);
      const flowId = await makeFlow(page, base, "Tools", [nodeOf(type, "Tool-1", shared.catalogue.get(type), 0, 0)]);
      await open(page, base, flowId);
      await page.locator('[data-id="Tool-1"] [data-testid="div-generic-node"]').click();
      if ((await page.locator(id("tool-mode-toggle")).getAttribute("aria-checked")) !== "true")
        await page.click(id("tool-mode-toggle"));
      await page.locator(id("button_open_actions")).first().click();
      const description = page.getByLabel("Description, row 1");
      await description.fill("A tool with words of its own");
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.keyboard.press("Control+s");
      await state(page, "saved");
      const flow = await (await page.request.get(`${base}/api/v1/flows/${flowId}`)).json();
      const [node] = flow.data.nodes;
      assert.equal(node.data.node.tool_mode, true);
      assert.equal(node.data.node.template.tools_metadata.value[0].description, "A tool with words of its own");
    },
  },
  {
    name: "a component with its values is kept for other flows",
    run: async ({ page, base }) => {
      const def = { ...shared.catalogue.get("TextInput"), display_name: "Greeting of mine" };
      await open(page, base, await makeFlow(page, base, "Keeps", [nodeOf("TextInput", "TextInput-1", def, 0, 0)]));
      await page.locator('[data-id="TextInput-1"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Control+Alt+s");
      await said(page, /is in the palette now/);
      await page.fill(id("sidebar-search-input"), "greeting of mine");
      await page.press(id("sidebar-search-input"), "Enter");
      await nothingLost(page, 2);
    },
  },
  {
    name: "versions: kept, looked at, left, restored",
    run: async ({ page, base }) => {
      await open(page, base, shared.flow);
      await nothingLost(page, 3);
      await page.click(id("publish-button"));
      await page.click(id("sidebar-nav-versions"));
      await page.getByLabel("Name of the version").fill("three texts");
      await page.getByRole("button", { name: "Save a version" }).click();
      await page.getByText("three texts").waitFor();
      await page.keyboard.press("Escape");
      await page.click(id("canvas-add-note-button"));
      await nothingLost(page, 4);
      await state(page, "saved");
      await page.click(id("publish-button"));
      await page.click(id("sidebar-nav-versions"));
      await page.locator('[data-testid^="preview-version-"]').first().click();
      await page.locator(id("version-preview-banner")).getByText("three texts").waitFor();
      await nothingLost(page, 3);
      await page.click(id("end-preview"));
      await nothingLost(page, 4);
      await page.click(id("publish-button"));
      await page.click(id("sidebar-nav-versions"));
      await page.locator('[data-testid^="preview-version-"]').first().click();
      await page.getByRole("button", { name: "Restore this version" }).click();
      await nothingLost(page, 3);
      await state(page, "saved");
    },
  },
  {
    name: "playground: an answer is had again, a message is edited, a run is stopped",
    run: async ({ page, base }) => {
      const [input, output] = ["ChatInput", "ChatOutput"].map((type, index) =>
        nodeOf(type, `${type}-1`, shared.catalogue.get(type), index * 420, 0),
      );
      const flowId = await makeFlow(page, base, "Talk", [input, output]);
      await open(page, base, flowId);
      await page.locator('[data-id="ChatInput-1"] .flow-handle.source').first().click();
      await page.locator('[data-id="ChatOutput-1"] .flow-handle.target').first().click();
      await page.locator(".react-flow__edge").waitFor();
      await page.keyboard.press("Control+k");
      await page.fill(id("input-chat-playground"), "once");
      await page.keyboard.press("Enter");
      const answers = page.locator('[data-testid^="chat-message-AI-"]');
      await answers.getByText("once").waitFor();
      await answers.first().hover();
      await page.click(id("regenerate-button"));
      await page.waitForFunction(() => document.querySelectorAll('[data-testid^="chat-message-"]').length >= 2);
      await answers.getByText("once").waitFor();
      assert.equal(await answers.count(), 1);
      const own = page.locator('[data-testid^="chat-message-User-"]');
      await own.hover();
      await own.getByRole("button", { name: "Edit the message" }).click();
      await page.fill(id("textarea"), "edited");
      await page.click(id("save-button"));
      await own.getByText("edited", { exact: true }).first().waitFor();
      // The run is held until it is stopped; the click after it sends nothing.
      await page.route("**/api/v1/build/**", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 3000));
        await route.continue().catch(() => undefined);
      });
      await page.fill(id("input-chat-playground"), "never answered");
      await page.click(id("button-send"));
      await page.click(id("button-stop"));
      await page.locator(id("button-send")).waitFor();
      assert.equal(await page.isDisabled(id("button-send")), true);
      await page.unroute("**/api/v1/build/**");
    },
  },
  {
    name: "run from here; results survive a reload",
    run: async ({ page, base }) => {
      await open(page, base, shared.flow);
      await page.locator('[data-id="TextInput-C"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Control+Enter");
      await page
        .locator('[data-id="TextInput-C"]')
        .getByText(/ms|\ds/)
        .first()
        .waitFor();
      await page.locator('[data-id="TextInput-B"] [data-testid="div-generic-node"]').click();
      await page.keyboard.press("Shift+P");
      await page.locator(id("run-banner")).waitFor({ state: "hidden" });
      assert.equal(await page.locator(id("run-failed-banner")).count(), 0);
      await page.reload();
      await page
        .locator('[data-id="TextInput-C"]')
        .getByText(/ms|\ds/)
        .first()
        .waitFor();
    },
  },
];
