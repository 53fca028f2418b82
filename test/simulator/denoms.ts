export const DENOM = "ucptm";
/** Another coin, as one that came over IBC would be. */
export const OTHER_DENOM = "uother";
