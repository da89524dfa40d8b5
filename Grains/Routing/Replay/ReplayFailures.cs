using System.Text.Json;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>Why a replay failed. They are stored: names are only added.</summary>
internal static class ReplayFailures
{
    public const string HistoryUnavailable = "history_unavailable";

    /// <summary>An entry of the journal is not what it should be.</summary>
    public const string HistoryUnreadable = "history_unreadable";

    /// <summary>A sum of minor units, or a fee, does not fit 64 bits.</summary>
    public const string SumsTooLarge = "sums_too_large";

    public const string InternalError = "internal_error";

    public static string Of(Exception exception) => exception switch
    {
        InvalidDataException or JsonException or FormatException => HistoryUnreadable,
        OverflowException => SumsTooLarge,
        _ => InternalError,
    };
}
