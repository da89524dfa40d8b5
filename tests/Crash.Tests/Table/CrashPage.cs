using System.Text;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>The table as a page of the docs.</summary>
internal static class CrashPage
{
    private const string Head = """
        # What a crash leaves behind

        Written by [a test](../tests/Crash.Tests/Table/CrashTableTests.cs) that stops a silo at [failpoints](../tests/README.md#failpoints), kills its process with SIGKILL, starts it again on the
        same database and compares every payment with the books of the [simulated provider](../PspSimulator/README.md). A row that comes out otherwise fails; write the page anew with
        `UPDATE_DOCS=1 dotnet test tests/Crash.Tests --filter CrashTable`.

        - *killed at*: `before_send`, the record is on disk and the provider has heard nothing; *on the way*, the provider has the request and acts on it only after a restarted silo has asked
          after it; `after_effect`, the provider has answered and nothing of it is written; `during_commit`, the statement is at the database, which finishes it, or loses it where the row
          says so; `after_commit`, it is on disk and nobody has heard.
        - *afterwards*: the merchant *repeats* the request with the same `Idempotency-Key` as soon as the silo is back, or *is silent*, and then the sweeper wakes the payment, which asks the
          provider by itself. It sleeps until then through the kills of later rows.
        - *on disk*, *provider then*: when the process was dead. *Provider in the end*: its own books, after everything.

        """;

    public static string Render(IEnumerable<CrashRow> rows)
    {
        var page = new StringBuilder(Head).Append('\n');
        page.Append("| killed at | while running | afterwards | on disk | what the merchant sees | provider then | how it ends | provider in the end |\n");
        page.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (var row in rows) page.Append(Line(row)).Append('\n');
        return page.ToString();
    }

    public static string Line(CrashRow row) =>
        $"| {row.Name} | {OnDisk(row)} | {Seen(row)} | {row.ProviderThen} | {End(row)} | {row.ProviderFinally} |";

    /// <summary>What a merchant reads from an answer.</summary>
    public static string Of(ApiAnswer answer) =>
        $"{(int)answer.Status} {(string?)(answer.Json["status"] is { } status && status.GetValueKind() == System.Text.Json.JsonValueKind.String ? status : answer.Json["code"])}";

    private static string OnDisk(CrashRow row) => row.Durable switch
    {
        0 => "nothing",
        1 => row.Flow.FirstRecord,
        2 => row.Flow.FirstRecord + " and outcome",
        _ => $"{row.Durable} records",
    };

    private static string Seen(CrashRow row) => row.Repetition is { } repetition
        ? $"{row.Heard}; repeated: {Of(repetition)}{(repetition.Replayed ? ", replayed" : "")}"
        : row.Heard;

    private static string End(CrashRow row)
    {
        if (row.Final is not { } payment) return "there is no such payment";
        var status = (string)payment["status"]!;
        if (payment["last_error"] is { } error) status += $" ({(string)error["code"]!})";
        return (row.Durable, row.Repeats) switch
        {
            (0, false) => $"as before the request: {status}",
            (0, true) => $"done by the repetition: {status}",
            (1, false) => $"resolved by the sweeper: {status}",
            (1, true) when (string?)row.Repetition!["status"] == "processing" => $"resolved by inquiries: {status}",
            (1, true) => $"resolved by the repetition: {status}",
            _ => $"was recorded: {status}",
        };
    }
}
