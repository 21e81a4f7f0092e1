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
import { t } from "./messages";

export function EditorHeader() {
  const meta = useEditor((state) => state.meta);
  const projects = useQuery(projectsQuery).data;
  const playground = useView((state) => state.playground);
  const project = projects?.find((candidate) => candidate.id === meta?.folder_id);
  return (
    <Header>
      <nav
        data-testid="menu_bar_display"
        aria-label={t.whereYouAre}
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
          title={t.nameDescriptionAddressLock}
          className="group flex min-w-0 items-center gap-1.5 rounded-md px-1.5 py-1 font-semibold hover:bg-sunken"
          onClick={() => view().set({ dialog: "details" })}
        >
          <span data-testid="flow_name" className="truncate">
            {meta?.name ?? "…"}
          </span>
          <Pencil
            size={13}
            aria-hidden="true"
            className="hidden shrink-0 text-ink-soft opacity-0 group-hover:opacity-100 md:block"
          />
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
        <MessageSquare size={15} aria-hidden="true" /> <span className="sr-only sm:not-sr-only">{t.playground}</span>
      </Button>
      <Menu
        trigger={
          <Button size="sm" data-testid="publish-button" className="mr-1">
            <Share2 size={15} aria-hidden="true" /> <span className="sr-only sm:not-sr-only">{t.share}</span>
          </Button>
        }
        items={[
          { label: t.apiAccess, testId: "api-access-item", onSelect: () => view().set({ dialog: "api" }) },
          { label: t.exportAndPublicLink, testId: "export-item", onSelect: () => view().set({ dialog: "export" }) },
          { label: t.mcpServer, testId: "mcp-server-item", onSelect: () => view().set({ dialog: "mcp" }) },
          { label: t.embedIntoAPage, testId: "embed-item", onSelect: () => view().set({ dialog: "embed" }) },
          { label: t.versions, testId: "sidebar-nav-versions", onSelect: () => view().set({ dialog: "versions" }) },
          { label: t.traces, testId: "sidebar-nav-traces", onSelect: () => view().set({ dialog: "traces" }) },
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
        "flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2 text-[13px] hover:bg-sunken md:ml-2",
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
    text: t.saved,
    title: t.everythingIsOnTheServer,
    tone: "text-ink-soft",
    icon: <Check size={14} aria-hidden="true" />,
  },
  unsaved: {
    text: t.unsaved,
    title: t.savedInAMomentClick,
    tone: "text-ink-soft",
    icon: <Pencil size={13} aria-hidden="true" />,
  },
  saving: { text: t.saving, title: t.onItsWayToThe, tone: "text-ink-soft", icon: <Spinner /> },
  offline: {
    text: t.offlineWillRetry,
    title: "",
    tone: "text-warn",
    icon: <CloudOff size={14} aria-hidden="true" />,
  },
  conflict: {
    text: t.conflictReview,
    title: t.somebodyElseSavedThisFlow,
    tone: "bg-warn-soft text-warn",
    icon: <AlertTriangle size={14} aria-hidden="true" />,
  },
  locked: {
    text: t.locked,
    title: t.nobodyCanChangeThisFlow,
    tone: "text-ink-soft",
    icon: <Lock size={13} aria-hidden="true" />,
  },
  gone: {
    text: t.deletedElsewhere,
    title: t.thisFlowWasDeletedClick,
    tone: "text-danger",
    icon: <Trash2 size={14} aria-hidden="true" />,
  },
  failed: { text: t.notSaved, title: "", tone: "text-danger", icon: <AlertTriangle size={14} aria-hidden="true" /> },
};
