// The server under test: the one at E2E_BASE_URL, or the program at LANGFLOW_BIN, started on a folder of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const admin = {
  username: process.env.E2E_USERNAME ?? "admin",
  password: process.env.E2E_PASSWORD ?? "an-admin-for-the-walk",
};

function freePort() {
  if (process.env.E2E_PORT) return Promise.resolve(Number(process.env.E2E_PORT));
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts the program, with these settings over the usual ones; `undefined` takes one away. */
export async function startServer({ settings = {}, folder: given, port: wanted } = {}) {
  if (process.env.E2E_BASE_URL) return { base: process.env.E2E_BASE_URL, stop: () => undefined };
  const candidates = ["debug", "release"].map(
    (kind) => new URL(`../../target/${kind}/langflow`, import.meta.url).pathname,
  );
  const binary = process.env.LANGFLOW_BIN ?? candidates.find(existsSync);
  if (!binary) return undefined;
  const folder = given ?? mkdtempSync(join(tmpdir(), "langflow-walk-"));
  const port = wanted ?? (await freePort());
  const env = {
    ...process.env,
    LANGFLOW_CONFIG_DIR: folder,
    LANGFLOW_AUTO_LOGIN: "False",
    LANGFLOW_SUPERUSER: admin.username,
    LANGFLOW_SUPERUSER_PASSWORD: admin.password,
    LANGFLOW_OPEN_BROWSER: "False",
    LANGFLOW_RATE_LIMIT_ENABLED: "False",
    LANGFLOW_LOG_LEVEL: process.env.LANGFLOW_LOG_LEVEL ?? "WARNING",
    ...settings,
  };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  const server = spawn(binary, ["run", "--host", "127.0.0.1", "--port", String(port)], {
    stdio: ["ignore", "ignore", "inherit"],
    env,
  });
  const base = `http://127.0.0.1:${port}`;
  /** Ends the program and leaves its folder, as when a machine is started anew. */
  const halt = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  };
  const stop = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  // Also when a script dies or is interrupted.
  process.once("exit", () => server.kill("SIGKILL"));
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(1));
  for (let tries = 0; tries < 600; tries += 1) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const isUp = await fetch(`${base}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return { base, stop, halt, folder, port };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  stop();
  throw new Error("the server did not start within a minute");
}
