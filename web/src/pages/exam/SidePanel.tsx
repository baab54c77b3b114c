import { useState } from "react";
import type { ExamDetail, Instance } from "../../api/exams";
import { Tabs } from "../../parts/Tabs";
import { Attachments } from "./Attachments";
import { AttributeTree } from "./AttributeTree";
import { Sources } from "./Sources";

const TABS = [
  { id: "attributes", label: "Attributes" },
  { id: "sources", label: "Where from" },
  { id: "attachments", label: "Attachments" },
] as const;

type Tab = (typeof TABS)[number]["id"];

export function SidePanel({ detail, instance }: { detail: ExamDetail; instance: Instance | undefined }) {
  const [tab, setTab] = useState<Tab>("attributes");
  const study = detail.exam.studyInstanceUid;
  return (
    <aside className="exam-side" aria-label="About this exam">
      <Tabs tabs={TABS} chosen={tab} choose={setTab} label="About this exam" />
      <div className="exam-panel" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
        {tab === "attributes" && <AttributeTree study={study} instance={instance} />}
        {tab === "sources" && <Sources detail={detail} />}
        {tab === "attachments" && <Attachments study={study} />}
      </div>
    </aside>
  );
}
