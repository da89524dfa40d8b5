using OrleansPayments.GrainEngine.Contract.Results;

// Most rules wait for a clock and not for a processor.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: TestFramework(RecordingFramework.Name, RecordingFramework.Assembly)]
