namespace OrleansPayments.Benchmarks.Engine;

/// <summary>What is compared; either build knows all of them, because one may report for the other.</summary>
internal static class ContestantNames
{
    public const string Mailbox = "bare mailbox";
    public const string Inline = "embedded, inline";
    public const string Queued = "embedded, queued";
    public const string Orleans = "Orleans";
}
