import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import type { User } from "@/api/types";
import { useSession } from "@/stores/session";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Input, Labelled, PasswordInput } from "@/ui/form";
import { Notice } from "@/ui/notice";

export default function General() {
  return (
    <div className="grid max-w-lg gap-8">
      <Profile />
      <Password />
    </div>
  );
}

function Profile() {
  const { user, setUser } = useSession();
  const [name, setName] = useState(user?.username ?? "");
  const save = useMutation({
    mutationFn: () => api<User>(`/api/v1/users/${user?.id}`, { method: "PATCH", body: { username: name.trim() } }),
    onSuccess: (saved) => {
      setUser(saved);
      toast.ok("Profile saved.");
    },
  });
  if (!user) return null;
  return (
    <form
      className="grid gap-4 rounded-xl border border-line bg-surface p-4"
      aria-label="Profile"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2 className="font-semibold">Profile</h2>
      {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
      <Labelled label="Username" required hint={user.is_superuser ? "You are a superuser." : undefined}>
        {(ids) => (
          <Input {...ids} value={name} autoComplete="username" onChange={(event) => setName(event.target.value)} />
        )}
      </Labelled>
      <Button
        type="submit"
        className="justify-self-start"
        busy={save.isPending}
        disabled={!name.trim() || name.trim() === user.username}
      >
        Save
      </Button>
    </form>
  );
}

function Password() {
  const user = useSession((state) => state.user);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const mismatch = again !== "" && again !== next;
  const save = useMutation({
    mutationFn: () =>
      api<User>(`/api/v1/users/${user?.id}/reset-password`, {
        method: "PATCH",
        body: { current_password: current, password: next },
      }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      setAgain("");
      toast.ok("Password changed.");
    },
  });
  return (
    <form
      className="grid gap-4 rounded-xl border border-line bg-surface p-4"
      aria-label="Password"
      onSubmit={(event) => {
        event.preventDefault();
        if (next && next === again) save.mutate();
      }}
    >
      <h2 className="font-semibold">Password</h2>
      {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
      <Labelled label="Current password" required>
        {(ids) => (
          <PasswordInput
            {...ids}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label="New password" required hint="At least 8 characters; a few words in a row are best.">
        {(ids) => (
          <PasswordInput
            {...ids}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled label="Confirm the new password" required error={mismatch ? "The two passwords differ." : undefined}>
        {(ids) => (
          <PasswordInput
            {...ids}
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        )}
      </Labelled>
      <Button
        type="submit"
        className="justify-self-start"
        busy={save.isPending}
        disabled={!current || !next || next !== again}
      >
        Change password
      </Button>
    </form>
  );
}
