import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlertTriangle, Check, CloudOff, Lock, MessageSquare, Pencil, Share2, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { projectsQuery } from "@/api/queries";
import { type SaveState, useEditor } from "@/stores/editor";
import { useView, view } from "@/stores/view";
import { Button, Spinner } from "@/ui/button";
import { Menu } from "@/ui/menu";
import { cn } from "@/util/cn";
import { Header } from "../header/header";
import { saveNow } from "../save/saver";

export function EditorHeader() {
  const meta = useEditor((state) => state.meta);
  const projects = useQuery(projectsQuery).data;
  const playground = useView((state) => state.playground);
  const project = projects?.find((candidate) => candidate.id === meta?.folder_id);
  return (
    <Header>
      <nav
        data-testid="menu_bar_display"
        aria-label="Where you are"
        className="flex min-w-0 items-center gap-1.5 text-sm"
      >
        {project ? (
          <>
            <Link
              to="/flows/folder/$projectId"
              params={{ projectId: project.id }}
              className="hidden max-w-40 truncate text-ink-soft hover:text-ink md:block"
            >
              {project.name}
            </Link>
            <span aria-hidden="true" className="hidden text-ink-soft md:block">
              /
            </span>
          </>
        ) : null}
        <button
          type="button"
          data-testid="menu_flow_bar"
          title="Name, description, address, lock"
          className="group flex min-w-0 items-center gap-1.5 rounded-md px-1.5 py-1 font-semibold hover:bg-sunken"
          onClick={() => view().set({ dialog: "details" })}
        >
          <span data-testid="flow_name" className="truncate">
            {meta?.name ?? "…"}
          </span>
          <Pencil size={13} aria-hidden="true" className="shrink-0 text-ink-soft opacity-0 group-hover:opacity-100" />
        </button>
      </nav>
      <SaveSign />
      <span className="flex-1" />
      <Button
        size="sm"
        look={playground ? "primary" : "plain"}
        data-testid="playground-btn-flow-io"
        aria-pressed={playground}
        className="mr-1.5"
        onClick={() => view().set({ playground: !playground })}
      >
        <MessageSquare size={15} aria-hidden="true" /> <span className="sr-only sm:not-sr-only">Playground</span>
      </Button>
      <Menu
        trigger={
          <Button size="sm" data-testid="publish-button" className="mr-1">
            <Share2 size={15} aria-hidden="true" /> <span className="sr-only sm:not-sr-only">Share</span>
          </Button>
        }
        items={[
          { label: "API access", testId: "api-access-item", onSelect: () => view().set({ dialog: "api" }) },
          { label: "Export and public link", testId: "export-item", onSelect: () => view().set({ dialog: "export" }) },
          { label: "MCP server", testId: "mcp-server-item", onSelect: () => view().set({ dialog: "mcp" }) },
          { label: "Embed into a page", testId: "embed-item", onSelect: () => view().set({ dialog: "embed" }) },
          { label: "Versions", testId: "sidebar-nav-versions", onSelect: () => view().set({ dialog: "versions" }) },
          { label: "Traces", testId: "sidebar-nav-traces", onSelect: () => view().set({ dialog: "traces" }) },
        ]}
      />
    </Header>
  );
}

/** Whether the work is safe: always to be seen. */
function SaveSign() {
  const save = useEditor((state) => state.save);
  const sign = signs[save.kind];
  const text = sign.text;
  const title = "text" in save ? save.text : sign.title;
  return (
    <button
      type="button"
      data-testid="save-state"
      data-state={save.kind}
      title={title}
      aria-live="polite"
      className={cn(
        "ml-2 flex shrink-0 items-center gap-1.5 rounded-md px-2 py-1 text-[13px] hover:bg-sunken",
        sign.tone,
      )}
      onClick={() =>
        save.kind === "conflict" || save.kind === "gone"
          ? view().set({ dialog: "conflict" })
          : save.kind === "locked"
            ? view().set({ dialog: "details" })
            : void saveNow()
      }
    >
      {sign.icon}
      <span className={save.kind === "saved" ? "hidden sm:inline" : ""}>{text}</span>
    </button>
  );
}

const signs: Record<SaveState["kind"], { text: string; title: string; tone: string; icon: ReactNode }> = {
  saved: {
    text: "Saved",
    title: "Everything is on the server.",
    tone: "text-ink-soft",
    icon: <Check size={14} aria-hidden="true" />,
  },
  unsaved: {
    text: "Unsaved",
    title: "Saved in a moment. Click to save now.",
    tone: "text-ink-soft",
    icon: <Pencil size={13} aria-hidden="true" />,
  },
  saving: { text: "Saving…", title: "On its way to the server.", tone: "text-ink-soft", icon: <Spinner /> },
  offline: {
    text: "Offline, will retry",
    title: "",
    tone: "text-warn",
    icon: <CloudOff size={14} aria-hidden="true" />,
  },
  conflict: {
    text: "Conflict: review",
    title: "Somebody else saved this flow meanwhile. Nothing of yours is lost; click to review.",
    tone: "bg-warn-soft text-warn",
    icon: <AlertTriangle size={14} aria-hidden="true" />,
  },
  locked: {
    text: "Locked",
    title: "Nobody can change this flow until it is unlocked.",
    tone: "text-ink-soft",
    icon: <Lock size={13} aria-hidden="true" />,
  },
  gone: {
    text: "Deleted elsewhere",
    title: "This flow was deleted. Click to keep your copy.",
    tone: "text-danger",
    icon: <Trash2 size={14} aria-hidden="true" />,
  },
  failed: { text: "Not saved", title: "", tone: "text-danger", icon: <AlertTriangle size={14} aria-hidden="true" /> },
};
