import { t } from "@lingui/core/macro";
import { useState } from "react";
import type { ExamDetail, Instance } from "../../api/exams";
import { Tabs } from "../../parts/Tabs";
import { Attachments } from "./Attachments";
import { AttributeTree } from "./AttributeTree";
import { Measurements } from "./Measurements";
import { Records } from "./Records";
import { Sources } from "./Sources";

const tabs = () =>
  [
    { id: "attributes", label: t`Attributes` },
    { id: "record", label: t`Record` },
    { id: "measurements", label: t`Measurements` },
    { id: "sources", label: t`Where from` },
    { id: "attachments", label: t`Attachments` },
  ] as const;

type Tab = ReturnType<typeof tabs>[number]["id"];

interface Props {
  detail: ExamDetail;
  instance: Instance | undefined;
  /** The tab that is open at first, if there is such a one. */
  first: string | null;
}

export function SidePanel({ detail, instance, first }: Props) {
  const [tab, setTab] = useState<Tab>(() => tabs().find(({ id }) => id === first)?.id ?? "attributes");
  const study = detail.exam.studyInstanceUid;
  return (
    <aside className="exam-side" aria-label={t`About this exam`}>
      <Tabs tabs={tabs()} chosen={tab} choose={setTab} label={t`About this exam`} />
      <div className="exam-panel" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
        {tab === "attributes" && <AttributeTree study={study} instance={instance} />}
        {tab === "record" && <Records study={study} />}
        {tab === "measurements" && <Measurements study={study} />}
        {tab === "sources" && <Sources detail={detail} />}
        {tab === "attachments" && <Attachments subject="exam" id={study} />}
      </div>
    </aside>
  );
}
