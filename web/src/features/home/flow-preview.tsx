import type { FlowDocument } from "@/flow/document";
import { type Outline, outlineOf } from "@/flow/outline";

/** A flow drawn small. */
export function FlowPreview({ document, className }: { document: FlowDocument; className?: string }) {
  const { boxes, lines, bounds }: Outline = outlineOf(document);
  return (
    <svg
      aria-hidden="true"
      viewBox={`${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`}
      preserveAspectRatio="xMidYMid meet"
      className={className}
    >
      {lines.map(({ id, from, to }) => {
        const bend = Math.max(60, (to.x - from.x) / 2);
        return (
          <path
            key={id}
            d={`M${from.x},${from.y} C${from.x + bend},${from.y} ${to.x - bend},${to.y} ${to.x},${to.y}`}
            fill="none"
            stroke="var(--line-strong)"
            strokeWidth={1.5}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
      {boxes.map((box) => (
        <rect
          key={box.id}
          x={box.x}
          y={box.y}
          width={box.width}
          height={box.height}
          rx={24}
          fill={box.isNote ? "var(--warn-soft)" : "var(--accent-soft)"}
          stroke={box.isNote ? "var(--warn)" : "var(--accent)"}
          strokeWidth={1.2}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
