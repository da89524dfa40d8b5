using System.Collections.Immutable;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Simulation.World;

/// <summary>Merchants and connectors on the real grains in virtual time, and a journal that refuses what a test names. What must never be fails the test at once.</summary>
internal sealed class ConnectorStage
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly JournalStore _store;
    private readonly ErrorLog _log;
    private readonly CardStore _cards;
    private readonly ProviderServer _provider;
    private int _lives;

    public ConnectorStage(ulong seed)
    {
        Loop = new SimulationLoop(seed, new SimulationTrace(keepLines: 100_000));
        _store = new JournalStore(Loop, Loop.Random.Split(), FaultPlan.Quiet);
        _log = new ErrorLog(Loop, Errors.Add);
        _cards = new CardStore(Loop, Loop.Random.Split(), FaultPlan.Quiet, violation => Assert.Fail(violation));
        _provider = new ProviderServer("alpha", Loop, Loop.Random.Split(), FaultPlan.Quiet);
    }

    public static ConnectorName Alpha { get; } = ConnectorName.Parse("alpha");

    public static MerchantId Merchant { get; } = MerchantId.FromIdempotencyKey("simulation", "merchants", "0");

    public SimulationLoop Loop { get; }

    public SeededRandom Random => Loop.Random;

    public VirtualSilo Silo { get; private set; } = null!;

    public IGrainFactory Grains => Silo.Grains;

    public List<string> Errors { get; } = [];

    /// <summary>Whether the journal refuses what is to be appended to this entity.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    public IReadOnlyList<JournalEntry> Entries(string entity) => _store.Entries(entity);

    public void StartSilo()
    {
        var process = Loop.Start($"silo{++_lives}");
        Silo = new VirtualSilo(
            process, new RefusingJournal(this, _store.Open(process)), [new ProviderPort(_provider, process)], _cards.Open(process), new PaymentOptions(), _log);
    }

    public void Play(Func<Task> play)
    {
        StartSilo();
        Task? played = null;
        Loop.Outside.Run("play", () => played = play());
        var end = Loop.RunUntil(() => played is { IsCompleted: true }, 1_000_000, Longest);
        if (played is { IsCompleted: true }) played.GetAwaiter().GetResult();
        Assert.Equal(SimulationEnd.Done, end);
        if (Silo.Process.IsAlive) Silo.Crash();
    }

    public Task Wait(double milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Loop.Outside.Time);

    public Task CreateConnector(HealthSettings health, int timeoutMs = 2_000, int? maxInFlight = null) => Silo.Call(grains => grains.Connector(Alpha).Create(new CreateConnector(
        "alpha",
        new ConnectorSettings(
            true, 1, timeoutMs, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], health,
            new InquirySettings(500, (int)FaultPlan.SettlingWindow.TotalSeconds), null, maxInFlight),
        new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty), "creation")));

    public Task CreateMerchant() => Silo.Call(grains => grains.Merchant(Merchant).Create(new CreateMerchant("Merchant", "DE", Currency.Parse("EUR"), "fingerprint")));

    /// <summary>A charge as a payment makes one: leave, and a report of what became of it.</summary>
    public async Task Charge(ChargeOutcome outcome, double milliseconds = 20)
    {
        var answer = await Silo.Call(grains => grains.Connector(Alpha).RequestChargePermit());
        Assert.NotNull(answer.Permit);
        await Tell(answer.Permit.Number, outcome, milliseconds);
    }

    public Task Tell(long permit, ChargeOutcome outcome, double milliseconds = 20) => Silo.Call(async grains =>
    {
        await grains.Connector(Alpha).Report(new ChargeReport(permit, outcome, TimeSpan.FromMilliseconds(milliseconds)));
        return true;
    });

    public async Task<ConnectorHealthView> Health() => (await Silo.Call(grains => grains.Connector(Alpha).GetHealth()))!;

    public async Task<RoutingCandidate> Simulated(long amount = 1_000_000)
    {
        var request = new RoutingRequest(
            PaymentId.FromIdempotencyKey("simulation", "payments", "simulated"), Merchant, Money.FromMinorUnits(amount, Currency.Parse("EUR")), "card", null, "visa",
            "424242", ImmutableSortedDictionary<string, string>.Empty);
        return Assert.Single((await Silo.Call(grains => grains.Routing().Choose(request))).Candidates);
    }

    public Task<Outcome<CreatePaymentResult>> Pay(string payment, long amount = 100) => Silo.Call(grains => grains
        .Payment(PaymentId.FromIdempotencyKey("simulation", "payments", payment))
        .Create(new CreatePayment(
            Merchant, Money.FromMinorUnits(amount, Currency.Parse("EUR")), new CardDetails("4242424242424240", 12, 2034, "123", null), null, null, null, null, null,
            ImmutableSortedDictionary<string, string>.Empty, null, "fingerprint", CaptureMethod.Automatic, Confirm: true)));

    private sealed class RefusingJournal(ConnectorStage stage, IJournal journal) : IJournal
    {
        public ValueTask<AppendResult> AppendAsync(JournalAppend append) => stage.Refuses(append.Entity)
            ? ValueTask.FromException<AppendResult>(new JournalUnavailableException("The test refuses it."))
            : journal.AppendAsync(append);

        public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity) => journal.LoadAsync(entity);
    }
}
