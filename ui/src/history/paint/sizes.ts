/** Heights in pixels: of a lane, of the chart of levels, of its axis, and of the overview below. */
export const LANE = 48;
export const LEVELS = 116;
export const AXIS = 38;
export const WHOLE = 46;
