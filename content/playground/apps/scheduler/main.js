// Starts a job when the module is imported: every worker runs it.
const sendInvoices = () => console.log(`invoices sent by ${process.pid}`)
setInterval(sendInvoices, 5000)

export const app = {
  fetch: () => Response.json({ pid: process.pid }),
}
