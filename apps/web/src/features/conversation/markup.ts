/** Nothing in a text without these can mean anything: most messages need no parser. */
const MAY_MEAN_SOMETHING = /[*_`[<>+\\~@#|-]|\d[.)]|https?:|www\.|\n/i

/** Whether a text has to be read as Markdown; otherwise it stands for itself. */
export const mayHaveMarkup = (text: string): boolean => MAY_MEAN_SOMETHING.test(text)
