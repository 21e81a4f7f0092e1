import { Outlet } from "@tanstack/react-router";
import { Header } from "@/features/header/header";

export default function Shell() {
  return (
    <div className="flex h-full flex-col">
      <Header />
      <div className="min-h-0 flex-1">
        <Outlet />
      </div>
    </div>
  );
}
