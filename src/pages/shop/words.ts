import { useWords } from "../shared/language.ts";
import { shop as en, type ShopWords } from "../words/en/shop.ts";
import { shop as ko } from "../words/ko/shop.ts";

const SHOP_WORDS = { en, ko };

export function useShopWords(): ShopWords {
  return useWords(SHOP_WORDS);
}
