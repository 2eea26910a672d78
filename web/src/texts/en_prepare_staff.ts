// SPDX-License-Identifier: Apache-2.0
// Visible texts of the staff pages of preparation and of the group's agreement. As en_staff.ts.
export const enPrepareStaff = {
} as const;
