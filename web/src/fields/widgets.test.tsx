// @vitest-environment jsdom
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TemplateField } from "@/flow/document";
import { type InputKind, inputKinds, kindOf } from "@/flow/kinds";
import { fieldWidgets } from "./registry";
import { type FieldServices, FieldServicesContext, type TextEditing } from "./types";

afterEach(cleanup);

const editText = vi.fn<(editing: TextEditing) => void>();
const promptChanged = vi.fn();
const refresh = vi.fn();
const addVariable = vi.fn();
const configureModels = vi.fn();

const services: FieldServices = {
  variables: [
    { name: "MY_KEY", isSecret: true },
    { name: "MY_TEXT", isSecret: false },
  ],
  addVariable,
  models: (kind) =>
    kind === "embedding"
      ? [{ name: "embed-1", provider: "Acme" }]
      : [
          { name: "talk-1", provider: "Acme" },
          { name: "talk-1", provider: "Other" },
        ],
  configureModels,
  files: [{ name: "old.txt", path: "user/old.txt" }],
  upload: async (file) => ({ name: file.name, path: `user/${file.name}` }),
  mcpServers: ["shop"],
  editText,
  refresh,
  promptChanged,
};

function show(field: TemplateField, options: { disabled?: boolean } = {}) {
  const onChange = vi.fn();
  const Widget = fieldWidgets[kindOf(field)];
  render(
    <FieldServicesContext.Provider value={services}>
      <label htmlFor="it">Label</label>
      <Widget id="it" nodeId="N-1" name="f" field={field} disabled={options.disabled ?? false} onChange={onChange} />
    </FieldServicesContext.Provider>,
  );
  return onChange;
}

/** Saves what a large box would answer. */
async function saveEdited(text: string) {
  await editText.mock.lastCall?.[0].save(text);
}

interface Case {
  kind: InputKind;
  field: TemplateField;
  act: (user: UserEvent) => Promise<unknown>;
  /** The last change. */
  gives: Partial<TemplateField>;
}

const pick = (user: UserEvent, option: string, label = "Label") =>
  user.selectOptions(screen.getByLabelText(label), option);
const type = async (user: UserEvent, text: string) => {
  const box = screen.getByLabelText("Label");
  await user.clear(box);
  await user.type(box, text);
  await user.tab();
};

const cases: Case[] = [
  { kind: "text", field: { type: "str", value: "a" }, act: (user) => type(user, "hello"), gives: { value: "hello" } },
  {
    kind: "text",
    field: { type: "str", value: "", load_from_db: false },
    act: async (user) => {
      await user.click(screen.getByLabelText("Use a global variable for f"));
      await user.click(screen.getByTestId("option-MY_TEXT"));
    },
    gives: { value: "MY_TEXT", load_from_db: true },
  },
  {
    kind: "text",
    field: { type: "str", value: ["a", "b"], list: true },
    act: (user) => user.click(screen.getByLabelText("Remove line 1")),
    gives: { value: ["b"] },
  },
  {
    kind: "multiline",
    field: { type: "str", value: "", multiline: true },
    act: (user) => type(user, "two words"),
    gives: { value: "two words" },
  },
  {
    kind: "multiline",
    field: { type: "str", value: "a", multiline: true },
    act: async (user) => {
      await user.click(screen.getByLabelText("Edit f in a large box"));
      await saveEdited("much\ntext");
    },
    gives: { value: "much\ntext" },
  },
  {
    kind: "secret",
    field: { type: "str", value: "", password: true },
    act: async (user) => {
      await user.click(screen.getByLabelText("Use a global variable for f"));
      await user.click(screen.getByTestId("option-MY_KEY"));
    },
    gives: { value: "MY_KEY", load_from_db: true },
  },
  {
    kind: "prompt",
    field: { type: "prompt", value: "Hi {who}" },
    act: async (user) => {
      await user.click(screen.getByTestId("promptarea_prompt_f"));
      await saveEdited("Bye {all}");
    },
    gives: { value: "Bye {all}" },
  },
  { kind: "query", field: { type: "query", value: "" }, act: (user) => type(user, "find"), gives: { value: "find" } },
  { kind: "int", field: { type: "int", value: 1 }, act: (user) => type(user, "42"), gives: { value: 42 } },
  { kind: "float", field: { type: "float", value: 1 }, act: (user) => type(user, "0.5"), gives: { value: 0.5 } },
  {
    kind: "bool",
    field: { type: "bool", value: false },
    act: (user) => user.click(screen.getByRole("switch")),
    gives: { value: true },
  },
  {
    kind: "dropdown",
    field: { type: "str", _input_type: "DropdownInput", options: ["one", "two"], value: "one" },
    act: (user) => pick(user, "two"),
    gives: { value: "two" },
  },
  {
    kind: "dropdown",
    field: { type: "str", _input_type: "DropdownInput", options: ["one", "two"], value: "one", combobox: true },
    act: (user) => user.type(screen.getByLabelText("Label"), "s"),
    gives: { value: "ones" },
  },
  {
    kind: "multiselect",
    field: { type: "str", _input_type: "MultiselectInput", options: ["one", "two"], value: ["one", "two"] },
    act: (user) => user.click(screen.getByLabelText("Remove one")),
    gives: { value: ["two"] },
  },
  {
    kind: "multiselect",
    field: { type: "str", _input_type: "MultiselectInput", options: ["one", "two"], value: ["one"] },
    act: (user) => pick(user, "two"),
    gives: { value: ["one", "two"] },
  },
  {
    kind: "actions",
    field: { type: "actionPicker", value: ["Approve", "Reject"], options: [], combobox: true, list: true },
    act: (user) => user.click(screen.getByLabelText("Add Escalate")),
    gives: { value: ["Approve", "Reject", "Escalate"] },
  },
  {
    kind: "actions",
    field: { type: "actionPicker", value: ["Approve"], options: [] },
    act: (user) => user.type(screen.getByLabelText("Label"), "  Ask Legal {Enter}"),
    gives: { value: ["Approve", "Ask Legal"] },
  },
  {
    kind: "actions",
    field: { type: "actionPicker", value: ["Approve", "Reject", "Later"] },
    act: async (user) => {
      // By keyboard alone, which stays in the field when the button is gone.
      await user.tab();
      await user.tab();
      expect(document.activeElement).toBe(screen.getByLabelText("Remove Reject"));
      await user.keyboard("{Enter}");
      expect(document.activeElement).toBe(screen.getByLabelText("Label"));
    },
    gives: { value: ["Approve", "Later"] },
  },
  {
    kind: "actions",
    field: { type: "actionPicker", value: [], options: ["Yes", "No"] },
    act: async (user) => {
      expect(screen.queryByLabelText("Add Approve")).toBeNull();
      await user.click(screen.getByLabelText("Add No"));
    },
    gives: { value: ["No"] },
  },
  {
    kind: "tab",
    field: { type: "tab", options: ["URL", "cURL"], value: "URL" },
    act: (user) => user.click(screen.getByTestId("tab_1_curl")),
    gives: { value: "cURL" },
  },
  {
    kind: "slider",
    field: { type: "slider", value: 0.1, range_spec: { min: 0, max: 2, step: 0.1 } },
    act: async (user) => {
      const exact = screen.getByTestId("default_slider_display_value");
      await user.clear(exact);
      await user.type(exact, "1.5");
      await user.tab();
    },
    gives: { value: 1.5 },
  },
  {
    kind: "dict",
    field: { type: "dict", value: { a: "1" } },
    act: (user) => user.type(screen.getByLabelText("Value 1 of f"), "2"),
    gives: { value: { a: "12" } },
  },
  {
    kind: "dict",
    field: { type: "dict", value: [{ key: "a", value: "" }], list: true },
    act: (user) => user.type(screen.getByLabelText("Value 1 of f"), "2"),
    gives: { value: [{ key: "a", value: "2" }] },
  },
  {
    kind: "nestedDict",
    field: { type: "NestedDict", value: { a: { b: 1 } } },
    act: async (user) => {
      await user.click(screen.getByLabelText("Edit f as JSON"));
      await saveEdited('{"a":{"b":2}}');
    },
    gives: { value: { a: { b: 2 } } },
  },
  {
    kind: "table",
    field: {
      type: "table",
      table_schema: [
        { name: "key", display_name: "Key", type: "str" },
        { name: "on", display_name: "On", type: "boolean", default: true },
      ],
      value: [{ key: "a", on: true }],
    },
    act: async (user) => {
      await user.click(screen.getByTestId("div-table_f"));
      await user.click(await screen.findByTestId("add-row-button"));
      await user.type(screen.getByLabelText("Key, row 2"), "b");
      await user.click(screen.getByRole("button", { name: "Save" }));
    },
    gives: {
      value: [
        { key: "a", on: true },
        { key: "b", on: true },
      ],
    },
  },
  {
    kind: "file",
    field: { type: "file", value: "", file_path: "", fileTypes: ["txt"] },
    act: (user) => user.upload(screen.getByLabelText("Label"), new File(["x"], "new.txt")),
    gives: { value: "new.txt", file_path: "user/new.txt" },
  },
  {
    kind: "file",
    field: { type: "file", value: "", file_path: "" },
    act: (user) => user.selectOptions(screen.getByTestId("button_open_file_management"), "user/old.txt"),
    gives: { value: "old.txt", file_path: "user/old.txt" },
  },
  {
    kind: "code",
    field: { type: "code", value: "a = 1" },
    act: async (user) => {
      await user.click(screen.getByRole("button", { name: "Edit code" }));
      await saveEdited("a = 2");
    },
    gives: { value: "a = 2" },
  },
  {
    kind: "model",
    field: { type: "model", value: [] },
    act: (user) => pick(user, "Other::talk-1"),
    gives: { value: [{ name: "talk-1", provider: "Other" }] },
  },
  {
    kind: "model",
    field: { type: "model", model_type: "embedding", value: [] },
    act: (user) => pick(user, "Acme::embed-1"),
    gives: { value: [{ name: "embed-1", provider: "Acme" }] },
  },
  {
    kind: "model",
    field: { type: "model", value: [{ name: "talk-1", provider: "Acme" }] },
    act: (user) => pick(user, "connect_other_models"),
    gives: { value: "connect_other_models" },
  },
  {
    kind: "mcp",
    field: { type: "mcp", value: {} },
    act: (user) => pick(user, "shop"),
    gives: { value: { name: "shop", config: {} } },
  },
  {
    kind: "sortable",
    field: { type: "sortableList", options: [{ name: "a" }, { name: "b" }], value: [{ name: "a" }, { name: "b" }] },
    act: (user) => user.click(screen.getByLabelText("Move b up")),
    gives: { value: [{ name: "b" }, { name: "a" }] },
  },
  {
    kind: "sortable",
    field: { type: "sortableList", limit: 1, options: [{ name: "a" }, { name: "b", icon: "x" }], value: [] },
    act: (user) => pick(user, "b"),
    gives: { value: [{ name: "b", icon: "x" }] },
  },
  {
    kind: "tools",
    field: { type: "tools", value: [{ name: "search", description: "Finds", status: true }] },
    act: async (user) => {
      await user.click(screen.getByTestId("button_open_actions"));
      const text = await screen.findByLabelText("Description, row 1");
      await user.clear(text);
      await user.type(text, "Looks up");
      await user.click(screen.getByLabelText("On, row 1"));
      await user.click(screen.getByRole("button", { name: "Save" }));
    },
    gives: { value: [{ name: "search", description: "Looks up", status: false }] },
  },
  {
    kind: "duration",
    field: { type: "duration", value: { value: 1, unit: "Days" } },
    act: (user) => pick(user, "Hours", "Unit of f"),
    gives: { value: { value: 1, unit: "Hours" } },
  },
  {
    kind: "duration",
    field: { type: "duration", value: 3, options: ["Minutes", "Hours", "Days"] },
    act: (user) => pick(user, "Minutes", "Unit of f"),
    gives: { value: { value: 3, unit: "Minutes" } },
  },
  {
    kind: "duration",
    field: { type: "duration", value: { value: 0, unit: "Hours" } },
    act: (user) => user.type(screen.getByLabelText("Label"), "5"),
    gives: { value: { value: 5, unit: "Hours" } },
  },
  {
    kind: "connection",
    field: { type: "connection_ref", value: "" },
    act: (user) => user.type(screen.getByLabelText("Label"), "x"),
    gives: { value: "x" },
  },
  {
    kind: "connection",
    field: { type: "connect", value: "mail", options: [{ name: "mail" }, { name: "calendar" }] },
    act: async (user) => {
      const options = [...document.querySelectorAll("datalist option")].map((option) => option.getAttribute("value"));
      expect(options).toEqual(["mail", "calendar"]);
      await user.type(screen.getByLabelText("Label"), "2");
    },
    gives: { value: "mail2" },
  },
  {
    kind: "json",
    field: { type: "a kind nobody knows", value: [1] },
    act: async (user) => {
      await user.click(screen.getByLabelText("Edit f as JSON"));
      await saveEdited("[1, 2]");
    },
    gives: { value: [1, 2] },
  },
];

/** Kinds that show and never change. */
const shown: [InputKind, TemplateField, () => void][] = [
  ["display", { type: "data_display", value: { a: 1 } }, () => expect(screen.getByText(/"a": 1/)).toBeTruthy()],
  [
    "link",
    { type: "link", value: "https://example.org/x", text: "Read more" },
    () => expect(screen.getByRole("link", { name: "Read more" }).getAttribute("href")).toBe("https://example.org/x"),
  ],
  [
    "link",
    { type: "link", value: "javascript:alert(1)", text: "Read more" },
    () => expect(screen.queryByRole("link")).toBeNull(),
  ],
  [
    "connection",
    { type: "auth", value: "", auth_tooltip: "Sign in at the service" },
    () => expect(screen.getByText("Sign in at the service")).toBeTruthy(),
  ],
  ["handle", { type: "other", input_types: ["Tool"] }, () => expect(screen.queryByRole("textbox")).toBeNull()],
  ["prompt", { type: "prompt", value: "{a} and {b}" }, () => expect(chips()).toEqual(["a", "b"])],
  ["prompt", { type: "mustache", value: "{{a}} {no}" }, () => expect(chips()).toEqual(["a"])],
  [
    "text",
    { type: "str", value: "GONE", load_from_db: true },
    () => expect(screen.getByText("GONE").getAttribute("title")).toContain("no variable of this name"),
  ],
];

const chips = () =>
  within(screen.getByLabelText("Variables"))
    .getAllByRole("listitem")
    .map((item) => item.textContent);

describe("widgets", () => {
  it("are tested for every kind of input", () => {
    const tested = new Set([...cases.map(({ kind }) => kind), ...shown.map(([kind]) => kind)]);
    expect(inputKinds.filter((kind) => !tested.has(kind))).toEqual([]);
  });

  it.each(cases)("$kind: what is done with it is what is stored ($field.type)", async ({ kind, field, act, gives }) => {
    expect(kindOf(field)).toBe(kind);
    const onChange = show(field);
    await act(userEvent.setup());
    expect(onChange.mock.lastCall?.[0]).toMatchObject(gives);
  });

  it.each(shown)("%s is shown", (kind, field, check) => {
    expect(kindOf(field)).toBe(kind);
    show(field);
    check();
  });

  const editable = cases.filter(({ kind }) => !["display", "link", "handle"].includes(kind));
  it.each(editable)("$kind cannot be changed in a locked flow ($field.type)", ({ field }) => {
    show(field, { disabled: true });
    const controls = [...document.querySelectorAll("button, input, select, textarea")];
    expect(controls.filter((control) => !control.matches(":disabled, [type=file]"))).toEqual([]);
  });

  it.each<[string, TemplateField]>([
    ["dropdown", { type: "str", _input_type: "DropdownInput", options: ["one"], value: "one", refresh_button: true }],
    ["model", { type: "model", value: [], refresh_button: true }],
  ])("a %s asks the server for its choices anew, but not in a locked flow", async (_, field) => {
    show(field);
    await userEvent.setup().click(screen.getByLabelText("Refresh f"));
    expect(refresh).toHaveBeenLastCalledWith("N-1", "f", field.value);
    cleanup();
    show(field, { disabled: true });
    expect(screen.queryByLabelText("Refresh f")).toBeNull();
  });

  it("a list of models leads to where providers are set up, and stores nothing", async () => {
    const onChange = show({ type: "model", value: [] });
    await pick(userEvent.setup(), "__configure__");
    expect(configureModels).toHaveBeenCalledOnce();
    expect(onChange).not.toHaveBeenCalled();
  });

  it.each<[string, TemplateField, string]>([
    ["secret", { type: "str", value: "", password: true }, "Credential"],
    ["text", { type: "str", value: "", load_from_db: false }, "Generic"],
  ])("a variable that is made from a %s field is put into it", async (_, field, kind) => {
    const onChange = show(field);
    const user = userEvent.setup();
    await user.click(screen.getByLabelText("Use a global variable for f"));
    await user.click(screen.getByText("+ Add New Variable"));
    expect(addVariable.mock.lastCall?.[0]).toBe(kind);
    addVariable.mock.lastCall?.[1]("NEW_ONE");
    expect(onChange).toHaveBeenLastCalledWith({ value: "NEW_ONE", load_from_db: true });
  });

  it("a prompt's new text tells the server, which makes the inputs", async () => {
    show({ type: "prompt", value: "" });
    await userEvent.setup().click(screen.getByTestId("promptarea_prompt_f"));
    await saveEdited("{x}");
    expect(promptChanged).toHaveBeenLastCalledWith("N-1", "f", "{x}");
  });

  it("a choice that makes the output of another is refused, and says so", async () => {
    const onChange = show({ type: "actionPicker", value: ["Request Changes"], options: [] });
    await userEvent.setup().type(screen.getByLabelText("Label"), "request changes{Enter}");
    expect(screen.getByRole("alert").textContent).toContain("is there already");
    expect(onChange).not.toHaveBeenCalled();
  });

  it("JSON that cannot be read is refused with the reason", async () => {
    const onChange = show({ type: "NestedDict", value: {} });
    await userEvent.setup().click(screen.getByLabelText("Edit f as JSON"));
    await expect(saveEdited("{no")).rejects.toThrow("not JSON");
    expect(onChange).not.toHaveBeenCalled();
  });

  it("a Credential cannot be put into a field that is not secret", async () => {
    const onChange = show({ type: "str", value: "", load_from_db: false });
    const user = userEvent.setup();
    await user.click(screen.getByLabelText("Use a global variable for f"));
    await user.click(screen.getByTestId("option-MY_KEY"));
    expect(onChange).not.toHaveBeenCalled();
  });
});
