using Orleans.Simulation;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>
/// A fault of the system's own making, put in at its ports, to see that the simulation finds it: what the grains do then is what they would do if their code had it.
/// </summary>
internal class PlantedBug
{
    protected PlantedBug(string name) => Name = name;

    public static PlantedBug None { get; } = new("none");

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new AttemptNotWrittenAhead(), new FailoverAfterUnknown(), new ReplyBeforeCommit(), new CardNotDestroyed(), new RefusedCancellationBelieved(),
        new CancellationNotSent(), new SilenceTakenForRefusal(), new ServerErrorTakenForRefusal(), new HardDeclineTakenForSoft(), new ReferenceReused(),
        new PassedOnNotWrittenAhead(),
    ];

    public string Name { get; }

    public static PlantedBug? Find(string name) => name == None.Name ? None : All.FirstOrDefault(bug => bug.Name == name);

    public virtual IJournal Wrap(IJournal journal, SimulatedProcess silo) => journal;

    public virtual ICardVault Wrap(ICardVault vault) => vault;

    public virtual IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports;
}
