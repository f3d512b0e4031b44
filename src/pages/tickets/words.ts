import { useWords } from "../shared/language.ts";
import { shop as shopEn, type ShopWords } from "../words/en/shop.ts";
import { tickets as en, type TicketsWords } from "../words/en/tickets.ts";
import { shop as shopKo } from "../words/ko/shop.ts";
import { tickets as ko } from "../words/ko/tickets.ts";

const WORDS = { en, ko };
const SHOP_WORDS = { en: shopEn, ko: shopKo };

export function useTicketsWords(): TicketsWords {
  return useWords(WORDS);
}

export function useShopWords(): ShopWords {
  return useWords(SHOP_WORDS);
}
