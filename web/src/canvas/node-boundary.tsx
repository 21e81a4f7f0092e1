import { Component, type ReactNode } from "react";
import { t } from "./messages";

interface NodeBoundaryProps {
  name: string;
  /** Another one of these is worth another try. */
  mark: unknown;
  children: ReactNode;
}

/** A component that cannot be drawn says so in its place; the rest of the flow stays. */
export class NodeBoundary extends Component<NodeBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: NodeBoundaryProps) {
    if (this.state.failed && before.mark !== this.props.mark) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div role="alert" className="grid gap-1 p-3 text-sm">
        <p className="font-semibold text-danger">{t.cannotBeDrawn(this.props.name)}</p>
        <p className="text-ink-soft">{t.itsStoredDefinitionIsBroken}</p>
      </div>
    );
  }
}
