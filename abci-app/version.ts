/** Version that `Info` and the command line report. */
export const VERSION = "0.1.0";
