import { describe } from "../api/problem";

/** Why a form was not taken, in the server's words. */
export function Refusal({ error }: { error: unknown }) {
  const { title, detail } = describe(error);
  return (
    <div className="notice notice-danger" role="alert">
      {detail ?? title}
    </div>
  );
}
