namespace OrleansPayments.Crash.Tests.Table;

/// <summary>When the silo dies.</summary>
/// <param name="Failpoint">Its name; null while the provider has the request and has not acted yet, which it does long after the silo's death.</param>
/// <param name="Record">Which of a flow's two records is being committed, counted from 1; 0 where no commit is meant.</param>
/// <param name="IsLost">The statement dies with the server's process and not only with the silo's, so that nothing of it is kept.</param>
/// <param name="Kills">The last row of a start ends its process by itself at the point; else it is held there and killed from outside.</param>
internal sealed record Moment(string? Failpoint, int Record = 0, bool IsLost = false, bool Kills = false)
{
    public static IReadOnlyList<Moment> All { get; } =
    [
        new("before_send"),
        new(Failpoint: null),
        new("after_effect"),
        new("during_commit", Record: 1),
        new("during_commit", Record: 1, IsLost: true),
        new("during_commit", Record: 2),
        new("during_commit", Record: 2, IsLost: true),
        new("after_commit", Record: 1, Kills: true),
        new("after_commit", Record: 2, Kills: true),
    ];

    /// <summary>The whole writer waits at it, not only the payment.</summary>
    public bool IsOfJournal => Record > 0;

    public string NameFor(Flow flow)
    {
        if (Failpoint is null) return "on the way to the provider";
        var record = Record switch { 0 => "", 1 => " of the " + flow.FirstRecord, _ => " of the outcome" };
        return $"`{Failpoint}`{record}{(IsLost ? ", lost" : "")}";
    }
}
