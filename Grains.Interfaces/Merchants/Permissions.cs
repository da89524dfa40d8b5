using System.Collections.Frozen;

namespace OrleansPayments.Merchants;

/// <summary>What a key may be allowed to do.</summary>
public static class Permissions
{
    /// <summary>Everything a merchant can do.</summary>
    public const string All = "*";

    public const string PaymentsRead = "payments:read";
    public const string PaymentsWrite = "payments:write";
    public const string RefundsRead = "refunds:read";
    public const string RefundsWrite = "refunds:write";

    public static FrozenSet<string> Known { get; } =
        new[] { All, PaymentsRead, PaymentsWrite, RefundsRead, RefundsWrite }.ToFrozenSet(StringComparer.Ordinal);
}
