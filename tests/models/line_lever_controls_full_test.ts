import { controls } from "./controls.ts";
import { DRAW_MUTATIONS, LEVER_MUTATIONS } from "./line_lever_mutations.ts";
import { mutatedLine } from "./mutated_lines.ts";

controls("line", [...LEVER_MUTATIONS, ...DRAW_MUTATIONS], mutatedLine);
