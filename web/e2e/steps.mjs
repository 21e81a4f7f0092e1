// The steps of the walk, in order. A step throws when what it looks for is not there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cpuSeconds, newPage } from "./browser.mjs";
import { admin } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;
const unique = `w${Date.now().toString(36)}`;
const person = { username: `${unique}-person`, password: "a-person-who-walks" };
const shared = { key: "", flow: "" };

async function signIn(page, base, { username, password }) {
  await page.goto(`${base}/login`);
  await page.fill("#login-username", username);
  await page.fill("#form-login-password", password);
  await page.getByRole("button", { name: "Sign In" }).click();
}

async function saved(page) {
  await page.waitForSelector(`${id("save-state")}[data-state="saved"]`);
}

/** Waits until the document is changed and then saved. */
async function savedAfter(page, action) {
  const answer = page.waitForResponse(
    (response) => response.request().method() === "PATCH" && response.url().includes("/api/v1/flows/"),
  );
  await action();
  assert.equal((await answer).status(), 200);
  await saved(page);
}

async function drag(page, from, to) {
  const a = await from.boundingBox();
  const b = await to.boundingBox();
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 12 });
  await page.mouse.up();
}

export const steps = [
  {
    name: "login page, cold",
    needs: "always",
    run: async ({ page, base, client, counts }) => {
      await page.goto(`${base}/login`);
      await page.waitForSelector("#login-username");
      const cpu = await cpuSeconds(client);
      assert.ok(counts.bytes < 100_000, `${counts.bytes} bytes moved, 100000 allowed`);
      assert.ok(cpu < 0.3, `${cpu.toFixed(2)} s of the browser's processor, 0.3 allowed`);
      return `${cpu.toFixed(2)} s CPU`;
    },
  },
  {
    name: "wrong password is refused in one place",
    run: async ({ page, base }) => {
      await signIn(page, base, { ...admin, password: "wrong" });
      await page.getByRole("alert").filter({ hasText: "Wrong username or password" }).waitFor();
      assert.equal(await page.getByText("Wrong username or password").count(), 1);
    },
  },
  {
    name: "sign up and wait for activation",
    run: async ({ page, base }) => {
      await page.goto(`${base}/signup`);
      await page.fill("#signup-username", person.username);
      await page.fill("#form-signup-password", person.password);
      await page.fill("#form-signup-confirm-password", person.password);
      await page.getByRole("button", { name: "Sign Up" }).click();
      await page.getByText("An administrator has to activate it").waitFor();
      await page.fill("#login-username", person.username);
      await page.fill("#form-login-password", person.password);
      await page.getByRole("button", { name: "Sign In" }).click();
      await page.getByText("waiting for an administrator").waitFor();
    },
  },
  {
    name: "sign in and come back to the page asked for",
    needs: "always",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/api-keys`);
      await page.waitForURL(/\/login\?next=/);
      await page.fill("#login-username", admin.username);
      await page.fill("#form-login-password", admin.password);
      await page.getByRole("button", { name: "Sign In" }).click();
      await page.waitForURL(/\/settings\/api-keys/);
      await page.locator(id("settings_menu_header")).filter({ hasText: "Langflow API Keys" }).waitFor();
    },
  },
  {
    name: "API key: made, shown once, copied",
    run: async ({ page }) => {
      await page.click(id("api-key-button-store"));
      await page.getByRole("dialog").getByLabel("Name").fill(`${unique} key`);
      await page.getByRole("button", { name: "Create API Key" }).click();
      shared.key = await page.locator(id("api-key-input")).inputValue();
      assert.match(shared.key, /^sk-/);
      await page.click(id("btn-copy-api-key"));
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("cell", { name: `${unique} key`, exact: true }).waitFor();
      assert.equal(await page.getByText(shared.key).count(), 0);
    },
  },
  {
    name: "API key: limited to running flows",
    run: async ({ page }) => {
      await page.click(id("api-key-button-store"));
      await page.getByRole("dialog").getByLabel("Name").fill(`${unique} runner`);
      await page.getByRole("radio", { name: "Only what is chosen here" }).check();
      await page.click(id("secret_key_modal_submit_button"));
      const key = await page.locator(id("api-key-input")).inputValue();
      await page.click(id("btn-copy-api-key"));
      await page.getByRole("button", { name: "Done" }).click();
      const row = page.getByRole("row").filter({ hasText: `${unique} runner` });
      await row.getByText("Run flows").waitFor();
      const refused = await fetch(new URL("/api/v1/variables/", page.url()), { headers: { "x-api-key": key } });
      assert.equal(refused.status, 403);
    },
  },
  {
    name: "Credential: made, never shown, no second of its name",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/global-variables`);
      await page.click(id("api-key-button-store"));
      await page.fill("#global-variable-name", `${unique}_SECRET`);
      await page.fill(id("popover-anchor-global-variable-value-credential"), "walk-secret-value");
      await page.fill(id("popover-anchor-apply-to-fields"), "Walk Field");
      await page.press(id("popover-anchor-apply-to-fields"), "Enter");
      await page.click(id("save-variable-btn"));
      await page.getByRole("cell", { name: `${unique}_SECRET`, exact: true }).waitFor();
      assert.equal((await page.content()).includes("walk-secret-value"), false);
      await page.click(id("api-key-button-store"));
      await page.fill("#global-variable-name", `${unique}_SECRET`);
      await page.getByText("You have a variable of this name already").waitFor();
      assert.equal(await page.isDisabled(id("save-variable-btn")), true);
      await page.keyboard.press("Escape");
    },
  },
  {
    name: "home: a project, and a blank flow",
    needs: "always",
    run: async ({ page, base }) => {
      await page.goto(`${base}/flows`);
      await page.locator(id("mainpage_title")).waitFor();
      await page.click(id("add-project-button"));
      await page.getByRole("dialog").getByLabel("Name").fill(`${unique} project`);
      await page.getByRole("button", { name: "Save" }).click();
      await page
        .locator(id("mainpage_title"))
        .filter({ hasText: `${unique} project` })
        .waitFor();
      await page.click(id("new-project-btn"));
      await page.click(id("blank-flow"));
      await page.waitForURL(/\/flow\//);
      await page.waitForSelector(id("rf__wrapper"));
      shared.flow = page.url().split("/flow/")[1].split("/")[0];
    },
  },
  {
    name: "editor: components by search, by Enter and by drag",
    needs: "always",
    run: async ({ page }) => {
      await page.keyboard.press("/");
      await page.fill(id("sidebar-search-input"), "chat input");
      await page.locator(id("input_outputChat Input")).waitFor();
      await page.press(id("sidebar-search-input"), "Enter");
      await page.locator('.react-flow__node[data-id^="ChatInput"]').waitFor();
      await page.fill(id("sidebar-search-input"), "chat output");
      await page
        .locator(id("input_output_chat output_draggable"))
        .dragTo(page.locator(id("rf__wrapper")), { targetPosition: { x: 820, y: 250 } });
      await page.locator('.react-flow__node[data-id^="ChatOutput"]').waitFor();
    },
  },
  {
    name: "editor: connect, and it is saved",
    needs: "always",
    run: async ({ page }) => {
      const from = page.locator('[data-testid^="handle-chatinput-noshownode"]').first();
      const to = page.locator('[data-testid^="handle-chatoutput-noshownode"][data-testid$="target"]').first();
      await savedAfter(page, () => drag(page, from, to));
      assert.equal(await page.locator(".react-flow__edge").count(), 1);
    },
  },
  {
    name: "editor: undo and redo",
    run: async ({ page }) => {
      await page.locator(".react-flow__pane").click({ position: { x: 40, y: 40 } });
      await page.keyboard.press("Control+z");
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 0);
      await savedAfter(page, () => page.keyboard.press("Control+y"));
      assert.equal(await page.locator(".react-flow__edge").count(), 1);
    },
  },
  {
    name: "playground: ask and read the answer",
    needs: "always",
    run: async ({ page }) => {
      await page.click(id("playground-btn-flow-io"));
      await page.fill(id("input-chat-playground"), "Hello **walker**");
      await page.click(id("button-send"));
      await page.locator('[data-testid^="chat-message-AI-"]').getByText("walker").waitFor();
      const bold = page.locator('[data-testid^="chat-message-AI-"] strong');
      assert.equal(await bold.textContent(), "walker");
      await page.waitForFunction(() => document.querySelector('[data-testid="button-send"]'));
      assert.equal(await page.isDisabled(id("button-send")), true);
    },
  },
  {
    name: "playground: a hostile message does nothing",
    run: async ({ page }) => {
      await page.fill(
        id("input-chat-playground"),
        '<img src=x onerror="window.__hit=1"> [x](javascript:window.__hit=1) <script>window.__hit=1</script> safe',
      );
      await page.click(id("button-send"));
      await page.locator('[data-testid^="chat-message-AI-"]').getByText("safe").waitFor();
      assert.equal(await page.evaluate(() => window.__hit), undefined);
      assert.equal(await page.locator('[data-testid="div-chat-message"] a[href^="javascript"]').count(), 0);
    },
  },
  {
    name: "playground: edit a message",
    run: async ({ page }) => {
      const message = page.locator('[data-testid^="chat-message-AI-"]').first();
      await message.hover();
      await message.getByRole("button", { name: "Edit the message" }).click();
      await page.fill(id("textarea"), "edited by the walk");
      await page.click(id("save-button"));
      await page.getByText("edited by the walk").waitFor();
      await page.click(id("playground-close-button"));
    },
  },
  {
    name: "editor: run to a node and read its output",
    run: async ({ page }) => {
      await page.locator('.react-flow__node[data-id^="ChatOutput"]').click();
      await page.keyboard.press("p");
      await page.locator(id("run-banner")).waitFor({ state: "hidden" });
      await page.keyboard.press("o");
      await page.locator(id("inspection-panel")).getByText("Finished").waitFor();
      await page.locator('[data-testid^="output-"]').filter({ hasText: /./ }).first().waitFor();
      await page.click(id("inspection-panel-close"));
    },
  },
  {
    name: "share: snippet, key inserted, run from there",
    run: async ({ page }) => {
      await page.click(id("publish-button"));
      await page.click(id("api-access-item"));
      for (const language of ["curl", "javascript", "python"]) {
        await page.click(id(`api_tab_${language}`));
        assert.match(await page.textContent(id("api-snippet")), /\/api\/v1\/run\//);
      }
      await page.click(id("api-create-key"));
      await page.waitForFunction(() =>
        document.querySelector('[data-testid="api-snippet"]')?.textContent?.includes("sk-"),
      );
      await page.click(id("api-run"));
      await page.locator(id("api-answer")).filter({ hasText: "hello world!" }).waitFor();
      await page.keyboard.press("Escape");
    },
  },
  {
    name: "share: a frame for other pages",
    run: async ({ page }) => {
      await page.click(id("publish-button"));
      await page.click(id("embed-item"));
      assert.match(await page.textContent(id("embed-snippet")), /<iframe\s+src="[^"]+\/playground\//);
      await page.keyboard.press("Escape");
    },
  },
  {
    name: "share: export and public page",
    run: async ({ page, base, browser }) => {
      await page.click(id("publish-button"));
      await page.click(id("export-item"));
      const [file] = await Promise.all([page.waitForEvent("download"), page.click(id("modal-export-button"))]);
      const exported = JSON.parse(readFileSync(await file.path(), "utf8"));
      assert.equal(exported.data.nodes.length, 2);
      await page.click(id("publish-switch"));
      const link = await page.locator(id("shareable-playground")).inputValue();
      await page.keyboard.press("Escape");
      const stranger = await newPage(browser);
      await stranger.page.goto(link.replace(/^https?:\/\/[^/]+/, base));
      await stranger.page.fill(id("input-chat-playground"), "a stranger");
      await stranger.page.click(id("button-send"));
      await stranger.page.locator('[data-testid^="chat-message-AI-"]').getByText("a stranger").waitFor();
      await stranger.context.close();
    },
  },
  {
    name: "a second page saves first: conflict, merge",
    run: async ({ page, context, base }) => {
      const second = await context.newPage();
      await second.goto(`${base}/flow/${shared.flow}`);
      await second.waitForSelector(".react-flow__node");
      await savedAfter(second, () => second.click(id("canvas-add-note-button")));
      await second.close();
      await page.click(id("tidy-up-button"));
      await page.waitForSelector(`${id("save-state")}[data-state="conflict"]`);
      await page.click(id("save-state"));
      await page.locator('[data-testid^="conflict-change-theirs-node"]').first().waitFor();
      await page.click(id("confirm-overwrite-flow"));
      await saved(page);
      assert.equal(await page.locator(".react-flow__node").count(), 3);
    },
  },
  {
    name: "reload: the flow is as it was",
    run: async ({ page }) => {
      await page.reload();
      await page.waitForSelector(".react-flow__node");
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__node").length === 3);
      assert.equal(await page.locator(".react-flow__edge").count(), 1);
    },
  },
  {
    name: "keyboard alone: command palette adds a component",
    run: async ({ page }) => {
      await page.keyboard.press("Control+p");
      await page.keyboard.type("prompt template");
      await page
        .getByRole("option", { name: /Prompt Template/ })
        .first()
        .waitFor();
      await savedAfter(page, () => page.keyboard.press("Enter"));
      await page.locator('.react-flow__node[data-id^="Prompt"]').waitFor();
    },
  },
  {
    name: "a prompt's variable becomes an input",
    run: async ({ page }) => {
      const prompt = page.locator('.react-flow__node[data-id^="Prompt"]');
      await prompt.locator('[data-testid^="promptarea_prompt_"]').click();
      await page.fill(id("modal-promptarea_prompt_template"), "Say {greeting} to all");
      await savedAfter(page, () => page.click(id("genericModalBtnSave")));
      await prompt.locator(id("field-greeting")).waitFor();
    },
  },
  {
    name: "home: search, download, delete with undo",
    run: async ({ page, base }) => {
      await page.goto(`${base}/flows`);
      await page.getByRole("link", { name: `${unique} project` }).click();
      await page.fill(id("search-store-input"), "zzzz");
      await page.getByText("No flow of this project").waitFor();
      await page.fill(id("search-store-input"), "");
      const card = page.locator(id("list-card")).first();
      await card.waitFor();
      await page.locator(id(`checkbox-${shared.flow}`)).check();
      await page.click(id("delete-bulk-btn"));
      await card.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Undo" }).click();
      await page.locator(id(`flow-name-${shared.flow}`)).waitFor();
    },
  },
  {
    name: "home: a flow says how it ran last, and is moved with undo",
    run: async ({ page, base }) => {
      await page.goto(`${base}/flows`);
      await page.getByRole("link", { name: `${unique} project` }).click();
      const card = page.locator(id("list-card")).filter({ has: page.locator(id(`flow-name-${shared.flow}`)) });
      await card.locator(id("last-run")).waitFor();
      await page.locator(id(`checkbox-${shared.flow}`)).check();
      await page.click(id("move-bulk-btn"));
      await page.getByRole("menuitem").first().click();
      await card.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Undo" }).click();
      await card.waitFor();
    },
  },
  {
    name: "runs: the list, and a run as a waterfall",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/runs`);
      await page
        .getByRole("button", { name: /^The run of/ })
        .first()
        .click();
      await page.locator(id("trace-detail-view")).locator('[data-testid^="span-node-"]').first().waitFor();
      await page.keyboard.press("Escape");
      await page.goto(`${base}/flows`);
    },
  },
  {
    name: "admin: activate, reset password, search",
    run: async ({ page }) => {
      await page.click(id("user_menu_button"));
      await page.click(id("menu_admin_page_button"));
      await page.fill(id("admin-search"), person.username);
      await page.getByRole("cell", { name: person.username, exact: true }).waitFor();
      await page.getByRole("switch", { name: `${person.username} is active` }).click();
      await page.click(id("replace-button"));
      await page.locator(`[role=switch][aria-label="${person.username} is active"][aria-checked="true"]`).waitFor();
      await page.getByRole("button", { name: `Edit ${person.username}` }).click();
      person.password = "another-password-now";
      await page.fill('[name="password"]', person.password);
      await page.fill('[name="confirmpassword"]', person.password);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
  },
  {
    name: "a user who is no superuser is sent from /admin to /flows",
    run: async ({ browser, base }) => {
      const other = await newPage(browser);
      await signIn(other.page, base, person);
      await other.page.locator(id("mainpage_title")).waitFor();
      await other.page.goto(`${base}/admin`);
      await other.page.waitForURL(/\/flows/);
      await other.page.click(id("user_menu_button"));
      assert.equal(await other.page.locator(id("menu_admin_page_button")).count(), 0);
      await other.context.close();
    },
  },
  {
    name: "admin: new user, and delete",
    run: async ({ page }) => {
      await page.click(id("admin-new-user"));
      await page.fill('[name="username"]', `${unique}-extra`);
      await page.fill('[name="password"]', "yet-another-password");
      await page.fill('[name="confirmpassword"]', "yet-another-password");
      await page.check("#is_active");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      for (const name of [`${unique}-extra`, person.username]) {
        await page.fill(id("admin-search"), name);
        await page.getByRole("button", { name: `Delete ${name}` }).click();
        await page.click(id("replace-button"));
        await page.getByText("No user is called").waitFor();
      }
    },
  },
  {
    name: "admin: sessions of a user, and the audit log",
    run: async ({ page }) => {
      await page.fill(id("admin-search"), admin.username);
      await page.getByRole("button", { name: `Sessions of ${admin.username}` }).click();
      await page.getByRole("dialog").getByText("this one").waitFor();
      await page.keyboard.press("Escape");
      await page.click(id("admin-tab-audit"));
      await page.locator(id("audit-kind")).selectOption("key");
      await page.getByRole("cell", { name: "create.key" }).first().waitFor();
      const [file] = await Promise.all([page.waitForEvent("download"), page.click(id("audit-export"))]);
      const lines = readFileSync(await file.path(), "utf8")
        .trim()
        .split("\n")
        .map(JSON.parse);
      assert.equal(lines[0].seq, 1);
      await page.click(id("audit-verify"));
      await page.getByText("The log is as it was written").first().waitFor();
    },
  },
  {
    name: "API key: deleted after a question that names it",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/api-keys`);
      await page.getByRole("checkbox", { name: `Select ${unique} key` }).check();
      await page.click(id("delete-row-button"));
      await page.getByRole("dialog").getByText(`${unique} key`).waitFor();
      await page.click(id("replace-button"));
      await page.getByRole("cell", { name: `${unique} key`, exact: true }).waitFor({ state: "detached" });
    },
  },
  {
    name: "sign out",
    run: async ({ page, base }) => {
      await page.click(id("user_menu_button"));
      await page.click(id("menu_logout_button"));
      await page.waitForSelector("#login-username");
      await page.goto(`${base}/flows`);
      await page.waitForURL(/\/login/);
    },
  },
];
