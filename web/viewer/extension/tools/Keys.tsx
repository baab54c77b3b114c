import { keyName, TOOLS } from "./table";

/** Every key on one page; a tap on a line does the same. */
export function Keys({ run }: { run: (command: string, options: object) => void }) {
  const groups = [...new Set(TOOLS.map(({ group }) => group))];
  return (
    <div className="iso-keys">
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <ul>
            {TOOLS.filter((tool) => tool.group === group).map(({ key, label, command, options }) => (
              <li key={key}>
                <button type="button" onClick={() => run(command, options ?? {})}>
                  <kbd>{keyName(key)}</kbd>
                  <span>{label}</span>
                </button>
              </li>
            ))}
            {group === "Look" && (
              <li className="iso-keys-line">
                <kbd>1 … 9</kbd>
                <span>Windows of the modality</span>
              </li>
            )}
          </ul>
        </section>
      ))}
      <section aria-label="Mouse and touch">
        <h3>Mouse and touch</h3>
        <ul className="iso-keys-hands">
          <li>Left button or one finger: the chosen tool</li>
          <li>Right button or two fingers: zoom and pan</li>
          <li>Middle button: pan</li>
          <li>Wheel or three fingers: scroll</li>
          <li>Double-click: this viewport alone, and back</li>
        </ul>
      </section>
    </div>
  );
}
