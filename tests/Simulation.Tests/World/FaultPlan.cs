using Orleans.Simulation;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// How often what goes wrong in one run. Each kind of fault is left out of some runs, because a fault that is always there hides what another would show.
/// Probabilities are per call, 0 to 1.
/// </summary>
internal sealed class FaultPlan
{
    /// <summary>The longest time for which a charge that was sent can be under way and still take effect.</summary>
    public static readonly TimeSpan LongestFlight = TimeSpan.FromSeconds(35);

    /// <summary>The longest time for which a provider's search does not show a charge that it has taken.</summary>
    public static readonly TimeSpan LongestSearchLag = TimeSpan.FromSeconds(15);

    /// <summary>After this time without an answer "no such charge" is final: the sum of the two and a margin, as a provider's documentation would promise.</summary>
    public static readonly TimeSpan SettlingWindow = TimeSpan.FromSeconds(60);

    private FaultPlan(SeededRandom random)
    {
        AppendRefused = Draw(random, 0.05);
        AppendOutcomeUnknown = Draw(random, 0.08);
        AppendAnswerSlow = Draw(random, 0.05);
        LoadRefused = Draw(random, 0.05);
        ConnectionRefused = Draw(random, 0.08);
        RequestLost = Draw(random, 0.15);
        RequestLate = Draw(random, 0.20);
        AnswerLost = Draw(random, 0.25);
        ServerErrorBefore = Draw(random, 0.10);
        ServerErrorAfter = Draw(random, 0.10);
        SearchBehind = Draw(random, 0.30);
        Crashes = random.Next(5);
        GracefulStops = Draw(random, 0.40);
        QuietAfter = random.Between(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(240));
        RequestTooLate = random.Chance(0.8) ? 0 : 0.05;
        ReplaysFirstAnswer = random.Chance(0.5);
        LetGo = Draw(random, 0.30);
        SendsNotices = random.Chance(0.85);
        NoticeLost = Draw(random, 0.30);
        NoticeTwice = Draw(random, 0.30);
        NoticeLate = Draw(random, 0.50);
        VaultRefused = Draw(random, 0.20);
        VaultSlow = Draw(random, 0.20);
        HastyOperator = random.Chance(0.2);
        DeclinedForNow = Draw(random, 0.60);
        AccountRefused = Draw(random, 0.20);
        PaidAfterAll = Draw(random, 0.30);
        Outages = random.Chance(0.35) ? 0 : random.Between(1, 3);
        ConfirmWithin = random.Pick([TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)]);
        ActWithin = random.Pick([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(10)]);
    }

    private FaultPlan()
    {
    }

    /// <summary>Nothing ever goes wrong.</summary>
    public static FaultPlan Quiet { get; } = new();

    /// <summary>The journal takes nothing, and says so.</summary>
    public double AppendRefused { get; }

    /// <summary>The connection to the journal breaks during the commit.</summary>
    public double AppendOutcomeUnknown { get; }

    /// <summary>The commit is done and its answer takes up to half a minute.</summary>
    public double AppendAnswerSlow { get; }

    public double LoadRefused { get; }

    /// <summary>No connection to the provider: the request provably never left.</summary>
    public double ConnectionRefused { get; }

    /// <summary>The request never arrives: a timeout before the effect.</summary>
    public double RequestLost { get; }

    /// <summary>The request arrives long after its sender gave up.</summary>
    public double RequestLate { get; }

    /// <summary>The charge is taken and its answer never arrives: a timeout after the effect.</summary>
    public double AnswerLost { get; }

    public double ServerErrorBefore { get; }

    public double ServerErrorAfter { get; }

    /// <summary>A charge that was taken is not found for a while.</summary>
    public double SearchBehind { get; }

    /// <summary>How often the silo ends at some turn.</summary>
    public int Crashes { get; }

    /// <summary>The share of those ends that are stops in good order.</summary>
    public double GracefulStops { get; }

    /// <summary>When the last fault has happened, so that the run can come to rest.</summary>
    public TimeSpan QuietAfter { get; }

    /// <summary>The request arrives when its provider promises that it no longer can.</summary>
    public double RequestTooLate { get; }

    /// <summary>The provider answers a repeated charge with the words of its first answer, and not with how the charge stands.</summary>
    public bool ReplaysFirstAnswer { get; }

    /// <summary>Funds that are held are released and nobody asked for it.</summary>
    public double LetGo { get; }

    /// <summary>There are notices at all.</summary>
    public bool SendsNotices { get; }

    /// <summary>A notice never comes.</summary>
    public double NoticeLost { get; }

    public double NoticeTwice { get; }

    /// <summary>A notice comes after minutes.</summary>
    public double NoticeLate { get; }

    /// <summary>The vault does nothing, and says so.</summary>
    public double VaultRefused { get; }

    public double VaultSlow { get; }

    /// <summary>An operator says that something was not done while it may still be on its way.</summary>
    public bool HastyOperator { get; }

    /// <summary>A provider declines, and another would perhaps not.</summary>
    public double DeclinedForNow { get; }

    /// <summary>A provider refuses the request on account of whoever sends it, and takes nothing.</summary>
    public double AccountRefused { get; }

    /// <summary>Somebody pays a declined charge at its provider, with another card.</summary>
    public double PaidAfterAll { get; }

    /// <summary>How often each provider is down for a while: it takes no connections, says nothing, or answers with errors only.</summary>
    public int Outages { get; }

    public TimeSpan ConfirmWithin { get; } = TimeSpan.FromHours(24);

    public TimeSpan ActWithin { get; } = TimeSpan.FromHours(1);

    public static FaultPlan From(SeededRandom random) => new(random);

    private static double Draw(SeededRandom random, double highest) => random.Chance(0.35) ? 0 : highest * random.Next(1001) / 1000.0;
}
