import { useEffect, useState } from "react";

/** Files dropped anywhere on the page; true while some hang over it. A near miss must not navigate away. */
export function useFileDrop(take: ((transfer: DataTransfer) => void) | undefined): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (take === undefined) return;
    const moved = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const dropped = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer);
    };
    window.addEventListener("dragover", moved);
    window.addEventListener("dragleave", left);
    window.addEventListener("drop", dropped);
    return () => {
      window.removeEventListener("dragover", moved);
      window.removeEventListener("dragleave", left);
      window.removeEventListener("drop", dropped);
      setOver(false);
    };
  }, [take]);
  return over;
}
