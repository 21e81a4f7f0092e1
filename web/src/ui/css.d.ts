import "react";

/** Variables that elements give to styles.css. */
declare module "react" {
  interface CSSProperties {
    "--tint"?: string;
    "--edge-colour"?: string;
  }
}
