export default function Home() {
  return <p>Ledger</p>
}
