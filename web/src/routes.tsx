import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { useSession } from "@/stores/session";
import { Crash } from "@/ui/crash";
import { Skeleton } from "@/ui/skeleton";

const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => <Crash error={error} />,
  notFoundComponent: () => null,
});

const toFlows = () => {
  throw redirect({ to: "/flows" });
};

const shell = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  component: lazyRouteComponent(() => import("./pages/shell")),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/flows",
  component: lazyRouteComponent(() => import("./pages/home")),
});

const project = createRoute({
  getParentRoute: () => shell,
  path: "/flows/folder/$projectId",
  component: lazyRouteComponent(() => import("./pages/home")),
});

const projectMcp = createRoute({
  getParentRoute: () => shell,
  path: "/mcp/folder/$projectId",
  component: lazyRouteComponent(() => import("./pages/project-mcp")),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings/$section",
  component: lazyRouteComponent(() => import("./pages/settings")),
});

const settingsIndex = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/$section", params: { section: "general" } });
  },
});

const files = createRoute({
  getParentRoute: () => shell,
  path: "/assets/files",
  component: lazyRouteComponent(() => import("./pages/files")),
});

const knowledge = createRoute({
  getParentRoute: () => shell,
  path: "/assets/knowledge-bases",
  component: lazyRouteComponent(() => import("./pages/knowledge")),
});

const chunks = createRoute({
  getParentRoute: () => shell,
  path: "/assets/knowledge-bases/$name/chunks",
  component: lazyRouteComponent(() => import("./pages/chunks")),
});

/** Only for superusers; everybody else is sent home. */
const forSuperusers = () => (useSession.getState().user?.is_superuser ? undefined : toFlows());

const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  beforeLoad: forSuperusers,
  component: lazyRouteComponent(() => import("./pages/admin")),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/admin/audit",
  beforeLoad: forSuperusers,
  component: lazyRouteComponent(() => import("./pages/audit")),
});

const logs = createRoute({
  getParentRoute: () => shell,
  path: "/admin/logs",
  beforeLoad: forSuperusers,
  component: lazyRouteComponent(() => import("./pages/logs")),
});

const flow = createRoute({
  getParentRoute: () => rootRoute,
  path: "/flow/$flowId",
  component: lazyRouteComponent(() => import("./pages/flow")),
});

const flowInProject = createRoute({
  getParentRoute: () => rootRoute,
  path: "/flow/$flowId/folder/$projectId",
  component: lazyRouteComponent(() => import("./pages/flow")),
});

const playground = createRoute({
  getParentRoute: () => rootRoute,
  path: "/playground/$flowId",
  component: lazyRouteComponent(() => import("./pages/playground")),
});

const index = createRoute({ getParentRoute: () => rootRoute, path: "/", beforeLoad: toFlows });
const rest = createRoute({ getParentRoute: () => rootRoute, path: "$", beforeLoad: toFlows });

const tree = rootRoute.addChildren([
  index,
  shell.addChildren([home, project, projectMcp, settings, settingsIndex, files, knowledge, chunks, admin, audit, logs]),
  flow,
  flowInProject,
  playground,
  rest,
]);

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    defaultPendingMs: 150,
    defaultPendingComponent: () => (
      <div className="p-6">
        <Skeleton rows={6} />
      </div>
    ),
    trailingSlash: "never",
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
