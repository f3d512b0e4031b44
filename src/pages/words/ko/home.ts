import type { HomeWords } from "../en/home.ts";

export const home: HomeWords = {
  title: "공연 예매",
  lead: "공연을 선택해 주세요. 접속자가 많을 때는 순서대로 입장합니다.",
  getTickets: "예매하기",
  gather: "오픈 대기하기",
  nothingOn: "현재 예매할 수 있는 공연이 없습니다.",
  onSale: "예매 중",
  until: (time) => `${time}까지 예매 가능`,
  from: (time) => `${time} 예매 오픈`,
  over: "예매 마감",
  yours: (time) => `내 시간대 기준 ${time}`,
};
