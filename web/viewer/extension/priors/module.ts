import type { ViewerModule } from "../modules";
import { Beside } from "./Beside";

export const priors: ViewerModule = {
  name: "priors",
  right: [
    {
      name: "beside",
      iconName: "tab-patient-info",
      iconLabel: "Report, priors",
      label: "Report and other exams",
      component: Beside,
    },
  ],
};
