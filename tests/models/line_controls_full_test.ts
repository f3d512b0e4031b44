import { controls } from "./controls.ts";
import { FRONT_MUTATIONS, TURN_MUTATIONS } from "./line_mutations.ts";
import { TOKEN_MUTATIONS } from "./line_place_mutations.ts";
import { mutatedLine } from "./mutated_lines.ts";

controls("line", [...FRONT_MUTATIONS, ...TURN_MUTATIONS, ...TOKEN_MUTATIONS], mutatedLine);
