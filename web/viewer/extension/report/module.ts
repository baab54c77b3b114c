import type { ViewerModule } from "../modules";
import { ReportPanel } from "./ReportPanel";

export const report: ViewerModule = {
  name: "report",
  right: [
    {
      name: "report",
      iconName: "tab-contours",
      iconLabel: "Report",
      label: "Report",
      component: ReportPanel,
    },
  ],
};
