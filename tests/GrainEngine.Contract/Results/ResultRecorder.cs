using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace OrleansPayments.GrainEngine.Contract.Results;

/// <summary>Listens to a run and writes the table of its engine and the page when it has ended.</summary>
internal sealed class ResultRecorder(IMessageSink next) : LongLivedMarshalByRefObject, IMessageSink
{
    private readonly ConcurrentDictionary<(string Class, string Method), string> _results = new();

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestPassed passed:
                _results.TryAdd(Key(passed), ContractResult.Passed);
                break;
            case ITestFailed failed:
                // One failed row of a theory is a broken rule.
                _results[Key(failed)] = ContractResult.Failed;
                break;
            case ITestAssemblyFinished:
                Write();
                break;
            default:
                break;
        }

        return next.OnMessage(message);
    }

    private static (string Class, string Method) Key(ITestMessage message) =>
        (message.TestMethod.TestClass.Class.Name.Split('.')[^1], message.TestMethod.Method.Name);

    private void Write()
    {
        var rows =
            from type in ContractRules.Classes
            from rule in ContractRules.Names
            where rule.StartsWith(type.Name + ".", StringComparison.Ordinal)
            from mode in Enum.GetValues<EngineMode>()
            let result = _results.GetValueOrDefault((ContractRules.ClassName(mode, type), rule[(type.Name.Length + 1)..]))
            where result is not null
            select new ContractResult(rule, ContractRules.ModeName(mode), result);
        new ContractResults(EngineHost.Version, [.. rows]).Write(EngineHost.Engine);
        File.WriteAllText(ContractPage.FilePath, ContractPage.Render());
    }
}
