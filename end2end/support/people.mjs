// Who lives in the demo, one for each way of deleting an account.
export const PASSWORD = 'demo-demo-demo';

export const camille = 'camille@atelier-rivage.example'; // sole owner, two colleagues, French
export const harriet = 'harriet@harbour-coffee.example'; // sole owner, English
export const ines = 'ines@studio-palmier.example'; // sole owner, and a member of Savane Tours
export const ousmane = 'ousmane@savane-tours.example'; // one of two owners
export const awa = 'awa@savane-tours.example'; // the other
export const leo = 'leo@savane-tours.example'; // a member
