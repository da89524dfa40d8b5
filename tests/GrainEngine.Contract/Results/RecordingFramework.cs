using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansPayments.GrainEngine.Contract.Results;

/// <summary>Runs the tests as xunit does, and with UPDATE_DOCS=1 in the environment records what the rules came to.</summary>
public sealed class RecordingFramework(IMessageSink messageSink) : XunitTestFramework(messageSink)
{
    public const string Name = "OrleansPayments.GrainEngine.Contract.Results." + nameof(RecordingFramework);
    public const string Assembly = "OrleansPayments.GrainEngine.Contract";

    public static bool Records => Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1";

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        Records ? new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink) : base.CreateExecutor(assemblyName);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assemblyName, source, diagnostics)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, new ResultRecorder(executionMessageSink), executionOptions);
    }
}
