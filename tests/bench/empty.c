/* SPDX-License-Identifier: Apache-2.0 */
/* The least that a process can be: what everything else is measured against. */
int main(void) { return 0; }
