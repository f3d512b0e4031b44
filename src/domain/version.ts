/** The version of the program: that of the OpenAPI document, of logs and of metrics. */
export const PROGRAM_VERSION = "1.0.0";
