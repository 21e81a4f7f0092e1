// The steps of the comparison: a person's way through the pages, alike on both sides but for where a control hides.
// `isOther` says that a Langflow is driven; what it has no page for is named in `absent`.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { cpuSeconds, newPage } from "./browser.mjs";
import { makeEdge, makeNodes, readCatalogue } from "./flows.mjs";
import { admin } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;
const unique = `c${Date.now().toString(36)}`;
const person = { username: `${unique}-person`, password: "a-person-who-walks" };
const noAdmin = "there is no page of users";
/** More than a page of users shows. */
const CROWD = 30;

async function makeFlow(page, base, name, nodes, edges = []) {
  const data = { nodes, edges, viewport: { x: 0, y: 0, zoom: 1 } };
  const made = await page.request.post(`${base}/api/v1/flows/`, { data: { name: `${unique} ${name}`, data } });
  assert.equal(made.status(), 201);
  return (await made.json()).id;
}

/** Chat Input → Chat Output, and two more nodes beside them. */
async function makeChatFlow(page, base) {
  const types = ["ChatInput", "Prompt Template", "LanguageModelComponent", "ChatOutput"];
  const nodes = makeNodes(await readCatalogue(page, base), types);
  return makeFlow(page, base, "flow", nodes, [makeEdge(nodes[0], "message", nodes[3], "input_value")]);
}

/** That flow, made when it is first needed. */
async function chatFlow(world) {
  world.flow ??= await makeChatFlow(world.page, world.base);
  return world.flow;
}

async function open(page, base, flow) {
  await page.goto(`${base}/flow/${flow}`);
  await page.waitForSelector(".react-flow__node");
}

async function signIn(page, base, { username, password }) {
  await page.goto(`${base}/login`);
  await page.fill("#login-username", username);
  await page.fill("#form-login-password", password);
  await page.getByRole("button", { name: "Sign In" }).click();
}

const home = (page) =>
  page
    .locator(`${id("mainpage_title")}, ${id("new_project_btn_empty_page")}`)
    .first()
    .waitFor();

/** A choice in a list of the browser's own: two clicks of a person, none of the page. */
async function choose({ counts }, list, value) {
  await list.selectOption(value);
  counts.clicks += 2;
}

const model = (page) => page.locator('.react-flow__node[data-id^="LanguageModelComponent"]').first();

const prompt = (page) => page.locator('.react-flow__node[data-id^="Prompt"]').first();

const answered = (page, text) => page.locator('[data-testid^="chat-message-AI-"]').getByText(text).first().waitFor();

async function say(page, text) {
  await page.locator(id("input-chat-playground")).last().fill(text);
  await page.locator(id("button-send")).last().click();
}

const hasOpenKey = (field) => field?.password === true && field.show !== false && !field.advanced;

/** What the other page moved counts too. */
async function alsoOn({ browser, context, counts }, isStranger, act) {
  const other = isStranger
    ? await newPage(browser)
    : await newPage(browser, { storageState: await context.storageState() });
  try {
    await act(other.page);
  } finally {
    for (const name of ["requests", "bytes", "clicks"]) counts[name] += other.counts[name];
    await other.context.close();
  }
}

const addNote = async (page, isOther) => {
  await page.click(id("canvas-add-note-button"));
  if (isOther) await page.locator(".react-flow__pane").click({ position: { x: 420, y: 420 } });
};

const isSave = (response) => response.request().method() === "PATCH" && response.url().includes("/api/v1/flows/");

/** Does something, and waits until the flow is saved after it. */
async function savedAfter(page, act) {
  const [saved] = await Promise.all([page.waitForResponse(isSave), act()]);
  assert.ok(saved.ok());
}

async function activate(page, base, username) {
  const { users } = await (await page.request.get(`${base}/api/v1/users/?limit=100`)).json();
  const { id: userId } = users.find((user) => user.username === username);
  const done = await page.request.patch(`${base}/api/v1/users/${userId}`, { data: { is_active: true } });
  assert.ok(done.ok());
}

export const compareSteps = [
  {
    name: "login page, cold",
    run: async ({ page, base, client }) => {
      await page.goto(`${base}/login`);
      await page.waitForSelector("#login-username");
      return `${(await cpuSeconds(client)).toFixed(2)} s of the browser's processor`;
    },
  },
  {
    name: "wrong password",
    run: async ({ page, base }) => {
      await signIn(page, base, { ...admin, password: "not the password" });
      const told = page.getByText(/wrong|incorrect/i);
      await told.first().waitFor();
      await page.waitForTimeout(500);
      return `told ${await told.count()} times`;
    },
  },
  {
    name: "sign up",
    run: async ({ page, base }) => {
      await page.goto(`${base}/signup`);
      await page.fill("#signup-username", person.username);
      await page.fill("#form-signup-password", person.password);
      await page.fill("#form-signup-confirm-password", person.password);
      await page.getByRole("button", { name: "Sign Up" }).click();
      await page.waitForSelector("#login-username");
    },
  },
  {
    name: "sign in before it is activated: refused",
    run: async ({ page, base }) => {
      await signIn(page, base, person);
      await page
        .getByText(/waiting|approv|activat/i)
        .first()
        .waitFor();
    },
  },
  {
    name: "sign in, to the list of flows",
    needs: "always",
    run: async ({ page, base, user }) => {
      await signIn(page, base, user);
      await home(page);
    },
  },
  {
    name: "API key: made and copied",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/api-keys`);
      await page.click(id("api-key-button-store"));
      await page.getByRole("dialog").locator("input").first().fill(`${unique} key`);
      await page.click(id("secret_key_modal_submit_button"));
      // The field may be there before its value is.
      await page.waitForFunction(
        (place) => document.querySelector(place)?.value.startsWith("sk-"),
        id("api-key-input"),
      );
      await page.click(id("btn-copy-api-key"));
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByText(`${unique} key`).first().waitFor();
    },
  },
  {
    name: "API keys: found in the list, and deleted",
    run: async ({ page, base, isOther }) => {
      await page.goto(`${base}/settings/api-keys`);
      const row = isOther ? page.locator(".ag-row") : page.getByRole("row");
      await row
        .filter({ hasText: `${unique} key` })
        .locator('input[type="checkbox"], [role="checkbox"]')
        .first()
        .check();
      await page.click(id("delete-row-button"));
      if (!isOther) await page.click(id("replace-button"));
      await row.filter({ hasText: `${unique} key` }).waitFor({ state: "detached" });
      return isOther ? "without a question" : "after a question that names it";
    },
  },
  {
    name: "Credential variable: made",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/global-variables`);
      await page.click(id("api-key-button-store"));
      await page.fill("#global-variable-name", `${unique}_SECRET`);
      await page.fill(id("popover-anchor-global-variable-value-credential"), "a-secret-of-the-walk");
      await page.click(id("save-variable-btn"));
      await page.getByText(`${unique}_SECRET`).first().waitFor();
    },
  },
  {
    name: "Credential variable: put into a secret field",
    run: async ({ page, base, isOther }) => {
      const catalogue = await readCatalogue(page, base);
      const [type] = catalogue.find(([, def]) => hasOpenKey(def?.template?.api_key)) ?? [];
      assert.ok(type, "no component shows a secret field");
      const nodes = makeNodes(catalogue, [type]);
      await open(page, base, await makeFlow(page, base, "secret", nodes));
      const node = page.locator(".react-flow__node").first();
      await savedAfter(page, async () => {
        if (isOther)
          await node
            .locator(`.relative:has(> div ${id("popover-anchor-input-api_key")})`)
            .getByLabel("Select input option")
            .last()
            .click();
        else
          await node
            .locator(id("field-api_key"))
            .getByLabel(/^Use a global variable for/)
            .click();
        const option = page.locator(isOther ? '[role="option"], [cmdk-item]' : id(`option-${unique}_SECRET`));
        await option
          .filter({ hasText: `${unique}_SECRET` })
          .first()
          .click();
        await node.getByText(`${unique}_SECRET`).first().waitFor();
      });
    },
  },
  {
    name: "model providers: the page",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/model-providers`);
      await page.locator(id("provider-item-OpenAI")).waitFor();
    },
  },
  {
    name: "a new flow from a template",
    run: async (world) => {
      const { page, base, isOther } = world;
      await page.goto(`${base}/flows`);
      await home(page);
      await page
        .locator(`${id("new-project-btn")}, ${id("new_project_btn_empty_page")}`)
        .first()
        .click();
      if (isOther) {
        await page.click(id("flow-builder-welcome-browse-more"));
        await page.click(id("side_nav_options_all-templates"));
      }
      await page
        .locator(`${id("template-basic-prompting")}, ${id("template_basic-prompting")}`)
        .first()
        .click();
      await model(page).waitFor();
      world.template = /\/flow\/([0-9a-f-]{36})/.exec(page.url())[1];
    },
  },
  {
    name: "a model chosen",
    run: async (world) => {
      const { page, isOther } = world;
      if (world.isAgain) await open(page, world.base, world.template);
      await savedAfter(page, async () => {
        if (!isOther) return choose(world, model(page).locator(id("model_model")), "OpenAI::gpt-4o-mini");
        await model(page)
          .getByText(/^Select a model$|^gpt-/)
          .first()
          .click();
        await page.locator('[data-testid^="OpenAI-"][data-testid$="-option"]').nth(1).click();
      });
    },
  },
  {
    name: "a component run",
    run: async ({ page }) => {
      await prompt(page).locator('[data-testid^="button_run_"]').click();
      await prompt(page)
        .getByText(/\d\s?m?s\b/)
        .first()
        .waitFor();
    },
  },
  {
    name: "its output looked at",
    run: async ({ page }) => {
      await prompt(page).locator('[data-testid^="output-inspection-"]').first().click();
      await page
        .locator(`${id("inspection-panel")}, [role="dialog"]`)
        .first()
        .waitFor();
      await page.waitForTimeout(500);
      await page.keyboard.press("Escape");
    },
  },
  {
    name: "playground: stop",
    run: async ({ page, base, template }) => {
      await open(page, base, template);
      await page.click(id("playground-btn-flow-io"));
      await say(page, "slowly now");
      await page.locator(id("button-stop")).last().click();
      await page.locator(id("button-send")).last().waitFor();
      assert.equal(await page.getByText("You said: slowly now").count(), 0);
    },
  },
  {
    name: "editor: a flow of four nodes, cold",
    run: async (world) => {
      const { base, context } = world;
      const flow = await chatFlow(world);
      const cold = await context.newPage();
      const client = await context.newCDPSession(cold);
      await client.send("Network.enable");
      await client.send("Performance.enable", { timeDomain: "threadTicks" });
      let [requests, bytes] = [0, 0];
      client.on("Network.requestWillBeSent", () => {
        requests += 1;
      });
      client.on("Network.loadingFinished", ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await client.send("Network.setCacheDisabled", { cacheDisabled: true });
      const start = performance.now();
      await cold.goto(`${base}/flow/${flow}`);
      await cold.waitForFunction(() => document.querySelectorAll(".react-flow__node").length === 4);
      const seconds = (performance.now() - start) / 1000;
      const cpu = await cpuSeconds(client);
      await cold.close();
      return `${seconds.toFixed(1)} s, ${requests} requests, ${Math.round(bytes / 1000)} kB, ${cpu.toFixed(1)} s browser CPU`;
    },
  },
  {
    name: "playground: ask, and read the answer",
    run: async (world) => {
      const { page, base } = world;
      await open(page, base, await chatFlow(world));
      await page.click(id("playground-btn-flow-io"));
      await say(page, "Hello walker");
      await answered(page, "Hello walker");
    },
  },
  {
    name: "playground: attach a picture, and send it",
    run: async ({ page, counts }) => {
      const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
      const isKept = (response) => /files/.test(response.url()) && response.request().method() === "POST";
      const file = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") };
      const [kept] = await Promise.all([
        page.waitForResponse(isKept),
        page.locator('input[type="file"]').last().setInputFiles(file),
      ]);
      counts.clicks += 1;
      assert.ok(kept.ok());
      await say(page, "What is on it");
      await answered(page, "What is on it");
      await page.waitForTimeout(1000);
      const broken = await page.evaluate(
        () =>
          [...document.querySelectorAll("img")].filter(
            (image) => /dot/.test(`${image.alt} ${image.src}`) && image.naturalWidth > 0,
          ).length,
      );
      return broken > 0 ? "the picture is shown" : "the picture is not shown";
    },
  },
  {
    name: "share: the snippet for a program",
    run: async (world) => {
      const { page, base } = world;
      await open(page, base, await chatFlow(world));
      await page.click(id("publish-button"));
      await page.click(id("api-access-item"));
      await page.click(id("api_tab_curl"));
      await page.getByText(/curl/).first().waitFor();
      await page.keyboard.press("Escape");
    },
  },
  {
    name: "share: the flow as a file",
    run: async (world) => {
      const { page, base, isOther } = world;
      await open(page, base, await chatFlow(world));
      await page.click(id("publish-button"));
      if (isOther) await page.getByRole("menuitem", { name: "Export" }).click();
      else await page.click(id("export-item"));
      const [file] = await Promise.all([page.waitForEvent("download"), page.click(id("modal-export-button"))]);
      assert.match(file.suggestedFilename(), /\.json$/);
      if (!isOther) await page.keyboard.press("Escape");
    },
  },
  {
    name: "share: a public page, and a stranger's question on it",
    run: async (world) => {
      const { page, base, isOther } = world;
      const flow = await chatFlow(world);
      await open(page, base, flow);
      await page.click(id("publish-button"));
      if (!isOther) await page.click(id("export-item"));
      await page.click(id("publish-switch"));
      await page.locator(id("copy-shareable-playground-url")).waitFor();
      await page.keyboard.press("Escape");
      await alsoOn(world, true, async (stranger) => {
        await stranger.goto(`${base}/playground/${flow}`);
        await say(stranger, "A stranger");
        await answered(stranger, "A stranger");
      });
    },
  },
  {
    name: "a second page saves first: told, looked at, both kept",
    run: async (world) => {
      const { page, base, isOther } = world;
      const flow = await chatFlow(world);
      await open(page, base, flow);
      await alsoOn(world, false, async (second) => {
        await open(second, base, flow);
        await savedAfter(second, () => addNote(second, isOther));
      });
      await addNote(page, isOther);
      const confirm = id("confirm-overwrite-flow");
      if (isOther) {
        await page.click(id("flow-conflict-review-button"));
        await page.click(confirm);
        await page.locator(confirm).waitFor({ state: "hidden" });
        return "told; one of the two is written over";
      }
      await page.waitForSelector(`${id("save-state")}[data-state="conflict"]`);
      await page.click(id("save-state"));
      await savedAfter(page, () => page.click(confirm));
    },
  },
  {
    name: "the list of flows again, warm",
    run: async ({ page, base }) => {
      await page.goto(`${base}/flows`);
      await page.locator(id("list-card")).first().waitFor();
    },
  },
  {
    name: "admin: the list of users",
    run: async ({ page, base, isOther }) => {
      for (let index = 0; index < CROWD; index += 1) {
        const username = `${unique}-crowd-${String(index).padStart(2, "0")}`;
        const made = await page.request.post(`${base}/api/v1/users/`, {
          data: { username, password: "one-of-a-crowd" },
        });
        assert.equal(made.status(), 201);
      }
      await page.goto(`${base}/admin`);
      if (!isOther) return void (await page.getByRole("button", { name: "New User" }).waitFor());
      await page.waitForURL(/\/flows/);
      return "absent: it leads to the list of flows";
    },
  },
  {
    name: "admin: a new user, active",
    absent: noAdmin,
    run: async ({ page }) => {
      await page.click(id("admin-new-user"));
      await page.fill('[name="username"]', `${unique}-extra`);
      await page.fill('[name="password"]', "yet-another-password");
      await page.fill('[name="confirmpassword"]', "yet-another-password");
      await page.check("#is_active");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
  },
  {
    name: "admin: a user found on any page, and activated",
    absent: noAdmin,
    run: async ({ page }) => {
      await page.fill(id("admin-search"), person.username);
      await page.getByRole("switch", { name: `${person.username} is active` }).click();
      await page.click(id("replace-button"));
      await page.locator(`[role=switch][aria-label="${person.username} is active"][aria-checked="true"]`).waitFor();
    },
  },
  {
    name: "admin: a password reset",
    absent: noAdmin,
    run: async ({ page }) => {
      await page.getByRole("button", { name: `Edit ${person.username}` }).click();
      person.password = "another-password-now";
      await page.fill('[name="password"]', person.password);
      await page.fill('[name="confirmpassword"]', person.password);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
  },
  {
    name: "admin: a user deleted, after a question",
    absent: noAdmin,
    run: async ({ page }) => {
      await page.fill(id("admin-search"), `${unique}-extra`);
      await page.getByRole("button", { name: `Delete ${unique}-extra` }).click();
      await page.click(id("replace-button"));
      await page.getByText("No user is called").waitFor();
    },
  },
  {
    name: "somebody who is no superuser is sent from /admin to /flows",
    run: async (world) => {
      const { page, base, isOther } = world;
      // Nobody can be activated on a page there.
      if (isOther) await activate(page, base, person.username);
      await alsoOn(world, true, async (other) => {
        await signIn(other, base, person);
        await home(other);
        await other.goto(`${base}/admin`);
        // There it goes to the address above the list.
        await other.waitForURL(isOther ? /\/(flows.*)?$/ : /\/flows/);
        await home(other);
      });
    },
  },
  {
    name: "idle for ten seconds in the editor",
    run: async (world) => {
      const { page, base, counts } = world;
      await open(page, base, await chatFlow(world));
      await page.waitForTimeout(5000);
      const before = counts.requests;
      await page.waitForTimeout(10_000);
      return `${counts.requests - before} requests`;
    },
  },
];
