using System.Collections.Immutable;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Simulation.Planted;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// The whole system of one seed: the real payment, merchant, connector and routing grains on the real engine; merchants, three providers and the journal simulated.
/// The silo ends and begins again at turns that the seed chooses. It has come to rest when every merchant has read an outcome and nothing that was sent can
/// still arrive.
/// </summary>
internal sealed class PaymentWorld
{
    private const int MostSteps = 400_000;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly SeededRandom _random;
    private readonly FaultPlan _faults;
    private readonly JournalStore _store;
    private readonly ProviderServer[] _providers;
    private readonly ErrorLog _log;
    private readonly PlantedBug _bug;
    private readonly Queue<long> _endings;
    private readonly List<Shopper> _shoppers = [];
    private readonly CardStore _cards;
    private readonly Callbacks _callbacks;
    private readonly Dictionary<MerchantId, FailoverSettings> _failover = [];
    private VirtualSilo? _ending;
    private int _lives;

    public PaymentWorld(ulong seed, PlantedBug bug, SimulationTrace trace)
    {
        Loop = new SimulationLoop(seed, trace);
        _bug = bug;
        _random = Loop.Random.Split();
        _faults = FaultPlan.From(_random.Split());
        _store = new JournalStore(Loop, _random.Split(), _faults);
        var hearsay = new Hearsay();
        _providers = [.. new[] { "alpha", "beta", "gamma" }.Select(name => new ProviderServer(name, Loop, _random.Split(), _faults) { Hearsay = hearsay })];
        Books = new Books(this, _store, _providers, hearsay);
        _callbacks = new Callbacks(this, _random.Split(), _faults);
        Operator = new Operator(this, _random.Split(), _faults.HastyOperator);
        foreach (var provider in _providers)
        {
            provider.OnSend = Books.OnSend;
            provider.OnEffect = Books.OnEffect;
            provider.OnOperation = Books.OnOperation;
            provider.OnChange = _callbacks.Tell;
        }

        _cards = new CardStore(Loop, _random.Split(), _faults, Fail);
        var cardAudit = new CardAudit(this, _cards, _faults);
        _store.OnOverlap = entity => Fail($"two versions of {entity} are written at once");
        _store.OnCommit = (entity, silo, knownAfter) =>
        {
            if (!PaymentId.TryParse(entity, out var payment)) return;
            Books.OnCommit(payment);
            cardAudit.OnCommit(Books.Record(payment).View!, silo, knownAfter);
        };

        _log = new ErrorLog(Loop, Fail);
        Connectors = [.. _providers.Select(provider => ConnectorName.Parse(provider.Name))];
        Merchants = [.. Enumerable.Range(0, _random.Between(1, 3)).Select(n => MerchantId.FromIdempotencyKey("simulation", "merchants", $"{n}"))];
        _endings = new Queue<long>(Enumerable.Range(0, _faults.Crashes).Select(_ => (long)_random.Next(3_000)).Order());
        Silo = StartSilo();
        Loop.WhenIdle = LookForCycles;
    }

    public SimulationLoop Loop { get; }

    /// <summary>The present life of the silo.</summary>
    public VirtualSilo Silo { get; private set; }

    public ImmutableArray<ConnectorName> Connectors { get; }

    public ImmutableArray<MerchantId> Merchants { get; }

    public Books Books { get; }

    public Operator Operator { get; }

    public TimeSpan ConfirmWithin => _faults.ConfirmWithin;

    /// <summary>Nothing goes wrong any more.</summary>
    public bool IsQuiet => Loop.Elapsed > _faults.QuietAfter + FaultPlan.SettlingWindow && _endings.Count == 0;

    /// <summary>The first thing that must never be; null so far.</summary>
    public string? Violation { get; private set; }

    /// <summary>How a merchant's payments fail over, from now on and for good.</summary>
    public void Configure(MerchantId merchant, FailoverSettings failover) => _failover[merchant] = failover;

    public FailoverSettings FailoverOf(MerchantId merchant) => _failover[merchant];

    /// <summary>Adds how often what happened to the payments; what is no event of theirs has a colon in its name.</summary>
    public void CountEvents(IDictionary<string, int> happened)
    {
        foreach (var known in _shoppers.SelectMany(shopper => Books.Record(shopper.Id).Events))
        {
            Count(known.Type);
            if (known.Type == "attempt.passed_on") Count("passed_on:" + known.Text("reason"));
            if (known.Type == "payment.route_chosen") foreach (var reason in known.ReasonsAgainst) Count("route:" + reason);
        }

        Count("circuit:opened", _log.CircuitsOpened);

        void Count(string what, int times = 1) => happened[what] = (happened.TryGetValue(what, out var count) ? count : 0) + times;
    }

    public void Fail(string violation)
    {
        Violation ??= violation;
        Loop.Note("VIOLATION: " + violation);
    }

    /// <summary>The provider that a payment's last attempt went to.</summary>
    public ProviderServer ProviderOf(PaymentView payment) => _providers.Single(provider => provider.Name == payment.Connector);

    /// <summary>A payer's browser is sent to a provider's page.</summary>
    public void Visit(Charge charge) => _providers.Single(provider => provider.Charges.Contains(charge)).Act(charge);

    public void Run()
    {
        Task? everybody = null;
        Loop.Outside.Run("merchants arrive", () => everybody = RunEverybody());
        var end = Loop.RunUntil(() => EndSiloIfDue() || Violation is not null || everybody is { IsCompleted: true }, MostSteps, Longest);
        if (end != SimulationEnd.Done)
        {
            Loop.WaitForEscapes(TimeSpan.FromMilliseconds(200));
            Fail($"it did not come to rest: {end} at {Loop.Elapsed} after {Loop.Steps} steps");
        }

        if (Violation is null && everybody is { Exception: { } exception }) Fail("a merchant met " + exception.GetBaseException());
        if (Violation is null) RestAndCompare();
        if (Silo.Process.IsAlive) Silo.Crash();
    }

    private async Task RunEverybody()
    {
        await new Setup(this, _random.Split()).Run();
        _shoppers.AddRange(Enumerable.Range(0, _random.Between(3, 10)).Select(number => new Shopper(this, number, _random.Split())));
        await Task.WhenAll(_shoppers.Select(shopper => shopper.Run()));

        // What is lost is made up for by looking once more, when nothing is on its way.
        while (!IsQuiet || _callbacks.UnderWay > 0 || _providers.Any(provider => provider.UnderWay > 0)) await Task.Delay(TimeSpan.FromSeconds(10), Loop.Outside.Time);
        await Task.WhenAll(_shoppers.Select(shopper => shopper.LookAgain()));
    }

    // What is still on its way arrives now, and must change nothing.
    private void RestAndCompare()
    {
        var rest = Loop.Elapsed + FaultPlan.SettlingWindow;
        Loop.RunUntil(() => Violation is not null || Loop.Elapsed >= rest, MostSteps * 2, Longest * 2);
        if (Violation is not null) return;

        Books.CheckAtRest(_shoppers);
        if (!Silo.Process.IsAlive || Silo.CallsInFlight == 0) return;
        // What left the simulation's thread never ends in it, though its caller may have got over that.
        Loop.WaitForEscapes(TimeSpan.FromMilliseconds(200));
        Fail($"{Silo.CallsInFlight} calls never ended");
    }

    // They would end in a timeout half a minute later, which merchants take for an outage.
    private void LookForCycles()
    {
        if (Silo.Process.IsAlive && Silo.Grains.CallsInCycles() is [var cycle, ..]) Fail("calls wait for each other: " + cycle);
    }

    // Never true: called between any two steps, where a silo can end.
    private bool EndSiloIfDue()
    {
        if (!_endings.TryPeek(out var step) || Loop.Steps < step || !Silo.Process.IsAlive) return false;
        _endings.Dequeue();
        var silo = Silo;
        var isStopping = ReferenceEquals(silo, _ending);
        _ending = silo;
        if (isStopping || !_random.Chance(_faults.GracefulStops)) silo.Crash();
        else silo.Process.Run("stop", () => _ = silo.Stop());
        if (!isStopping) Restart(silo);
        return false;
    }

    private void Restart(VirtualSilo old) =>
        Loop.Outside.After(_random.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5)), () =>
        {
            if (old.Process.IsAlive) Restart(old);
            else Silo = StartSilo();
        });

    private VirtualSilo StartSilo()
    {
        var process = Loop.Start($"silo{++_lives}");
        var options = new PaymentOptions { ConfirmWithin = _faults.ConfirmWithin, ActWithin = _faults.ActWithin };
        var journal = _bug.Wrap(_store.Open(process), process);
        var ports = _providers.Select(provider => new ProviderPort(provider, process)).ToArray();
        return new VirtualSilo(process, journal, _bug.Wrap(ports), _bug.Wrap(_cards.Open(process)), options, _log);
    }
}
