import type { HomeWords } from "../en/home.ts";

export const home: HomeWords = {
  title: "공연",
  lead: "예매할 공연을 선택해 주세요. 접속자가 많으면 순서대로 안내해 드립니다.",
  getTickets: "예매하기",
  gather: "미리 들어가기",
  nothingOn: "현재 예매할 수 있는 공연이 없습니다. 나중에 다시 확인해 주세요.",
  onSale: "예매 중",
  until: (time) => `${time}까지 예매`,
  from: (time) => `${time} 예매 시작`,
  over: "예매 마감",
  yours: (time) => `현지 시각 ${time}`,
};
